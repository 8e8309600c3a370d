namespace Kuid.Contract.Tests;

/// <summary>YAML is read as YAML 1.2 has it, so that a contract means the same here and in every other reader.</summary>
public sealed class YamlToJsonSpecs
{
    [Theory]
    [InlineData("null", "null")]
    [InlineData("~", "null")]
    [InlineData("true", "true")]
    [InlineData("-17", "-17")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("0.25", "0.25")]
    [InlineData("1e3", "1000")]
    [InlineData("1.0.0", "\"1.0.0\"")]
    [InlineData("yes", "\"yes\"")]
    [InlineData("on", "\"on\"")]
    [InlineData("2026-03-01", "\"2026-03-01\"")]
    [InlineData("\"404\"", "\"404\"")]
    [InlineData("'true'", "\"true\"")]
    [InlineData("\"\"", "\"\"")]
    public void A_scalar_has_the_type_of_the_core_schema(string yaml, string json) =>
        YamlToJson.Read($"a: {yaml}")!.ToJsonString().Should().Be($$"""{"a":{{json}}}""");

    [Fact]
    public void A_block_is_a_string_with_its_lines() =>
        YamlToJson.Read("a: |\n  1\n  2\n")!.ToJsonString().Should().Be("""{"a":"1\n2\n"}""");

    [Fact]
    public void A_key_that_comes_twice_is_an_error() =>
        FluentActions.Invoking(() => YamlToJson.Read("a: 1\na: 2\n")).Should().Throw<YamlDotNet.Core.YamlException>();

    [Theory]
    [InlineData("openapi: 3.0.3\npaths: {}\n")]
    [InlineData("openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths: {/a: {fetch: {}}}\n")]
    [InlineData("openapi: 3.0.3\ninfo: {title: a, version: 1.0.0, colour: red}\npaths: {}\n")]
    public void What_is_no_OpenAPI_is_no_contract(string yaml) =>
        FluentActions.Invoking(() => HttpContract.Read(yaml)).Should().Throw<FormatException>().WithMessage("the contract is no OpenAPI: *");
}
