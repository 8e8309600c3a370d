using System.Text.Json;

namespace Kuid.Contract.Tests;

/// <summary>Each way in which a value can break a schema is found and named.</summary>
public sealed class SchemaCheckSpecs
{
    private const string Thing =
        "{type: object, additionalProperties: false, required: [id], properties: {id: {type: integer, format: int64}, "
        + "parts: {type: array, items: {type: string}}, state: {$ref: '#/components/schemas/Switch'}}}";

    [Theory]
    [InlineData("{type: string}", "1", "the body: expected string, got 1")]
    [InlineData("{type: string}", "null", "the body: expected string, got null")]
    [InlineData("{type: string, nullable: true}", "true", "the body: expected string or null, got true")]
    [InlineData("{type: integer}", "\"1\"", "the body: expected integer, got \"1\"")]
    [InlineData("{type: integer}", "1.5", "the body: expected integer, got 1.5")]
    [InlineData("{type: integer}", "1.0", "the body: expected integer, got 1.0")]
    [InlineData("{type: integer}", "1e3", "the body: expected integer, got 1e3")]
    [InlineData("{type: number}", "\"1\"", "the body: expected number, got \"1\"")]
    [InlineData("{type: boolean}", "\"true\"", "the body: expected boolean, got \"true\"")]
    [InlineData("{type: array, items: {type: string}}", "{}", "the body: expected array, got {}")]
    [InlineData("{type: object}", "[]", "the body: expected object, got []")]
    public void A_value_of_another_type(string schema, string json, string message) => Messages(schema, json).Should().Equal(message);

    [Theory]
    [InlineData("{}", "/id: expected this member, which is required, got none")]
    [InlineData("""{"id": 1, "extra": 2}""", "/extra: expected no such member, got 2")]
    [InlineData("""{"id": "x"}""", "/id: expected integer, got \"x\"")]
    [InlineData("""{"id": null}""", "/id: expected integer, got null")]
    [InlineData("""{"id": 1, "parts": ["a", 7]}""", "/parts/1: expected string, got 7")]
    [InlineData("""{"id": 1, "state": "sideways"}""", "/state: expected one of \"up\", \"down\", got \"sideways\"")]
    [InlineData("""{"id": 1, "state": "UP"}""", "/state: expected one of \"up\", \"down\", got \"UP\"")]
    [InlineData("""{"id": 1, "a/b~c": 2}""", "/a~1b~0c: expected no such member, got 2")]
    public void A_wrong_member_is_named_by_its_pointer(string json, string message) => Messages(Thing, json).Should().Equal(message);

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Messages(Thing, """{"parts": [1], "extra": 2, "state": null}""").Should().BeEquivalentTo(
            "/id: expected this member, which is required, got none",
            "/parts/0: expected string, got 1",
            "/extra: expected no such member, got 2",
            "/state: expected string, got null");

    [Theory]
    [InlineData("2026-03-01T12:00:00Z")]
    [InlineData("2026-03-01T12:00:00.0000000Z")]
    [InlineData("2026-03-01T12:00:00.000+00:00")]
    [InlineData("2026-03-01 12:00:00.000Z")]
    [InlineData("2026-02-30T12:00:00.000Z")]
    [InlineData("2026-03-01T12:00:00.000Z\\n")]
    [InlineData("today")]
    public void A_time_that_is_not_RFC_3339_in_UTC_with_milliseconds(string time) =>
        Messages("{type: string, format: date-time}", $"\"{time}\"").Should().ContainSingle().Which.Should().Contain("with milliseconds, UTC");

    [Theory]
    [InlineData("YQ")]
    [InlineData("YQ==\\n")]
    [InlineData("a b=")]
    [InlineData("_-==")]
    public void Bytes_that_are_not_base64(string text) =>
        Messages("{type: string, format: byte}", $"\"{text}\"").Should().ContainSingle().Which.Should().Contain("base64 (byte)");

    [Theory]
    [InlineData("{type: integer, format: int32}", "2147483648", "an integer of 32 bits (int32)")]
    [InlineData("{type: integer, format: int64}", "9223372036854775808", "an integer of 64 bits (int64)")]
    [InlineData("{type: number, format: double}", "1e999", "a number of 64 bits (double)")]
    [InlineData("{type: string, format: uri-reference}", "\"a b\"", "a URI reference (uri-reference)")]
    [InlineData("{type: string, format: colour}", "\"red\"", "a format that this check knows, not colour")]
    [InlineData("{type: integer, format: int7}", "1", "a format that this check knows, not int7")]
    public void A_value_without_its_format(string schema, string json, string expected) =>
        Messages(schema, json).Should().ContainSingle().Which.Should().Contain(expected);

    [Theory]
    [InlineData("{type: string, minLength: 2, maxLength: 3}", "\"a\"", "2 to 3 characters")]
    [InlineData("{type: string, maxLength: 3}", "\"abcd\"", "0 to 3 characters")]
    [InlineData("{type: string, minLength: 2}", "\"\\ud83d\\ude00\"", "at least 2 characters")]
    [InlineData("{type: string, pattern: '^[a-z]+$'}", "\"A\"", "a string like ^[a-z]+$")]
    [InlineData("{type: string, pattern: '^[a-z]+$'}", "\"a\\n\"", "a string like ^[a-z]+$")]
    [InlineData("{type: integer, minimum: 1}", "0", "at least 1")]
    [InlineData("{type: integer, maximum: 60}", "61", "at most 60")]
    [InlineData("{type: number, minimum: 0, exclusiveMinimum: true}", "0", "more than 0")]
    [InlineData("{type: number, maximum: 1, exclusiveMaximum: true}", "1", "less than 1")]
    [InlineData("{type: array, minItems: 1, items: {type: string}}", "[]", "at least 1 items")]
    [InlineData("{type: array, maxItems: 1, items: {type: string}}", "[\"a\", \"b\"]", "0 to 1 items")]
    [InlineData("{type: object, maxProperties: 1}", """{"a": 1, "b": 2}""", "at most 1 members")]
    [InlineData("{type: object, additionalProperties: {type: string}}", """{"a": 1}""", "/a: expected string, got 1")]
    public void A_value_out_of_bounds(string schema, string json, string expected) =>
        Messages(schema, json).Should().ContainSingle().Which.Should().Contain(expected);

    [Theory]
    [InlineData(Thing, """{"id": 9223372036854775807, "parts": [], "state": "down"}""")]
    [InlineData("{type: string, nullable: true}", "null")]
    [InlineData("{type: integer, nullable: true, minimum: 1}", "null")]
    [InlineData("{type: string, format: date-time}", "\"2026-03-01T12:00:00.000Z\"")]
    [InlineData("{type: string, format: byte}", "\"YQ==\"")]
    [InlineData("{type: string, format: byte}", "\"\"")]
    [InlineData("{type: string, format: uri-reference}", "\"about:blank\"")]
    [InlineData("{type: string, format: uri-reference}", "\"/v1/jobs/41\"")]
    [InlineData("{type: string, minLength: 1, maxLength: 1}", "\"\\ud83d\\ude00\"")]
    [InlineData("{type: number, minimum: 0, maximum: 60}", "60")]
    [InlineData("{type: number, format: double}", "3")]
    [InlineData("{type: object, additionalProperties: {type: string}}", """{"a": "b"}""")]
    public void What_keeps_the_schema_passes(string schema, string json) => Messages(schema, json).Should().BeEmpty();

    private static IEnumerable<string> Messages(string schema, string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. SchemaCheck.Check(document.RootElement, SmallContract.Schema(schema)).Select(v => v.ToString())];
    }
}
