using System.Text.Json.Nodes;

namespace Kuid.Contract.Tests;

/// <summary>The rules for schemas in openapi.yaml that keep generated clients right.</summary>
public sealed class SchemaSpecs
{
    // What a schema may say besides what values are held against.
    private static readonly string[] Remarks = ["$ref", "description", "default", "example"];

    // A value of a result is whatever its kind makes of it.
    private const string AnyValue = "/components/schemas/Value";

    [Fact]
    public void No_schema_says_anything_that_the_check_does_not_look_at_such_as_oneOf_anyOf_and_allOf() =>
        (from schema in ContractFile.Schemas
         from keyword in schema.Schema.Select(pair => pair.Key)
         where !SchemaCheck.Keywords.Contains(keyword) && !Remarks.Contains(keyword, StringComparer.Ordinal)
         select $"{schema.Pointer}/{keyword}").Should().BeEmpty();

    [Fact]
    public void Every_schema_has_a_type_or_is_a_reference_and_nothing_else() =>
        (from schema in ContractFile.Schemas
         where schema.Schema.ContainsKey("$ref") ? schema.Schema.Count > 1 : !schema.Schema.ContainsKey("type")
         where schema.Pointer != AnyValue
         select schema.Pointer).Should().BeEmpty();

    [Fact]
    public void Every_object_with_members_and_every_enum_of_a_body_is_named() =>
        (from schema in ContractFile.Schemas
         where !IsNamed(schema.Pointer) && !schema.Pointer.StartsWith("/components/headers/", StringComparison.Ordinal)
         where schema.Schema.ContainsKey("properties") || schema.Schema.ContainsKey("enum")
         select schema.Pointer).Should().BeEmpty();

    [Fact]
    public void Every_object_is_closed_or_a_map() =>
        (from schema in ContractFile.Schemas
         where $"{schema.Schema["type"]}" == "object"
         where schema.Schema["additionalProperties"] is not { } more
             || (more is JsonValue ? (bool)more || !schema.Schema.ContainsKey("properties") : schema.Schema.ContainsKey("properties"))
         select schema.Pointer).Should().BeEmpty();

    [Fact]
    public void Every_word_of_an_enum_is_a_single_lower_case_one() =>
        (from schema in ContractFile.Schemas
         from word in schema.Schema["enum"]?.AsArray() ?? []
         where word is null || $"{word}".Length == 0 || $"{word}".Any(c => c is not (>= 'a' and <= 'z' or >= '0' and <= '9'))
         select $"{schema.Pointer} {word}").Should().BeEmpty();

    [Fact]
    public void Every_named_schema_and_every_member_is_described() =>
        (from schema in ContractFile.Schemas
         where IsNamed(schema.Pointer) || schema.Pointer.Contains("/properties/", StringComparison.Ordinal)
         where !schema.Schema.ContainsKey("$ref") && !schema.Pointer.EndsWith("/items", StringComparison.Ordinal)
             && !schema.Pointer.EndsWith("/additionalProperties", StringComparison.Ordinal)
         where string.IsNullOrWhiteSpace($"{schema.Schema["description"]}")
         select schema.Pointer).Should().BeEmpty();

    [Fact]
    public void Every_required_member_is_one_that_the_schema_has() =>
        (from schema in ContractFile.Schemas
         from name in schema.Schema["required"]?.AsArray() ?? []
         where schema.Schema["properties"]?[$"{name}"] is null
         select $"{schema.Pointer} {name}").Should().BeEmpty();

    [Theory]
    [InlineData("Job")]
    [InlineData("JobList")]
    [InlineData("ExecResult")]
    [InlineData("Readiness")]
    [InlineData("ReadinessCheck")]
    [InlineData("Version")]
    [InlineData("ProblemError")]
    [InlineData("Host")]
    [InlineData("HostList")]
    [InlineData("HostProbe")]
    [InlineData("Column")]
    [InlineData("Result")]
    [InlineData("ResultError")]
    [InlineData("Command")]
    [InlineData("CommandOption")]
    [InlineData("CommandList")]
    [InlineData("PipelineCheck")]
    [InlineData("PipelineError")]
    [InlineData("CommandUse")]
    public void All_members_of_an_answer_are_there_even_when_they_are_null(string name)
    {
        JsonNode schema = ContractFile.At($"/components/schemas/{name}")!;
        schema["required"]!.AsArray().Select(n => $"{n}").Should().BeEquivalentTo(schema["properties"]!.AsObject().Select(p => p.Key));
    }

    [Fact]
    public void A_submission_and_an_exec_mean_the_same_by_the_same_member()
    {
        // These differ on purpose: exec returns what it keeps, is in no queue, evaluates no pipelines, and ends with its client.
        string[] own = ["kind", "maxOutputBytes", "encoding", "disconnect"];
        JsonObject submission = ContractFile.At("/components/schemas/JobSubmission/properties")!.AsObject();
        foreach ((string name, JsonNode? member) in ContractFile.At("/components/schemas/ExecRequest/properties")!.AsObject()
            .Where(p => !own.Contains(p.Key, StringComparer.Ordinal)))
        {
            JsonNode.DeepEquals(Bare(member!), Bare(submission[name]!)).Should().BeTrue($"{name} means the same in both");
        }
    }

    [Fact]
    public void What_was_submitted_can_be_seen_on_the_job() =>
        ContractFile.At("/components/schemas/JobSubmission/properties")!.AsObject().Select(p => p.Key).Where(name => name is not ("stdin" or "follow" or "afterItems"))
            .Should().BeSubsetOf(ContractFile.At("/components/schemas/Job/properties")!.AsObject().Select(p => p.Key));

    [Fact]
    public void Every_reference_leads_somewhere_and_every_component_is_used()
    {
        string[] references = [.. ContractFile.Objects.Where(o => o.Node["$ref"] is not null).Select(o => $"{o.Node["$ref"]}"[1..])];
        references.Where(r => ContractFile.At(r) is null).Should().BeEmpty();
        (from kind in ContractFile.Source["components"]!.AsObject()
         where kind.Key != "securitySchemes"
         from component in kind.Value!.AsObject()
         select $"/components/{kind.Key}/{component.Key}").Except(references, StringComparer.Ordinal).Should().BeEmpty();
    }

    private static bool IsNamed(string pointer) =>
        pointer.StartsWith("/components/schemas/", StringComparison.Ordinal) && pointer.Split('/').Length == 4;

    private static JsonObject Bare(JsonNode schema)
    {
        JsonObject copy = schema.DeepClone().AsObject();
        copy.Remove("description");
        return copy;
    }
}
