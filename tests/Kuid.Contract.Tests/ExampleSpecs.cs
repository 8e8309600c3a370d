using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Kuid.Contract.Tests;

/// <summary>The examples in openapi.yaml are what they are examples of.</summary>
public sealed class ExampleSpecs
{
    private static OpenApiDocument Document => ContractFile.Contract.Document;

    [Fact]
    public void Every_JSON_body_that_is_sent_has_examples() =>
        (from operation in ContractFile.Contract.Operations
         from media in operation.Definition.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
         where media.Key == "application/json" && media.Value.Examples is not { Count: > 0 }
         select operation.Id).Should().BeEmpty();

    [Fact]
    public void Every_parameter_and_every_header_has_an_example() =>
        (from part in Parts()
         where part.Example is null
         select part.Name).Should().BeEmpty();

    [Fact]
    public void Every_example_of_a_body_keeps_its_schema() =>
        (from body in Bodies()
         from example in body.Media.Examples ?? new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal)
         from violation in SchemaCheck.Check(Element(example.Value.Value), body.Media.Schema!)
         select $"{body.Name} {example.Key} {violation}").Should().BeEmpty();

    [Fact]
    public void Every_example_of_a_parameter_and_of_a_header_keeps_its_schema() =>
        (from part in Parts()
         from violation in SchemaCheck.Check(Element(part.Example), part.Schema!)
         select $"{part.Name} {violation}").Should().BeEmpty();

    [Fact]
    public void Every_example_and_every_default_of_a_schema_keeps_it() =>
        (from member in NamedSchemasAndMembers()
         from keyword in new[] { "example", "default" }
         let value = ContractFile.At($"{member.Pointer}/{keyword}")
         where value is not null
         from violation in SchemaCheck.Check(Element(value), member.Schema)
         select $"{member.Pointer} {violation}").Should().BeEmpty();

    [Theory]
    [InlineData("QueuedJob")]
    [InlineData("CancelingJob")]
    [InlineData("SucceededJob")]
    [InlineData("TimedOutJob")]
    public void An_example_of_a_job_does_not_contradict_itself(string name)
    {
        JsonNode job = ContractFile.At($"/components/examples/{name}/value")!;
        bool hasEnded = $"{job["state"]}" is "succeeded" or "failed" or "canceled" or "lost";
        (job["finishedAt"] is not null).Should().Be(hasEnded);
        (job["durationSeconds"] is not null).Should().Be(hasEnded);
        (job["startedAt"] is not null).Should().Be(job["queuedSeconds"] is not null);
        ((long)job["stdoutKeptBytes"]!).Should().BeLessThanOrEqualTo((long)job["stdoutBytes"]!);
        ((bool)job["truncated"]!).Should().Be((long)job["stdoutKeptBytes"]! < (long)job["stdoutBytes"]!);
        (job[$"{job["kind"]}" == "shell" ? "command" : "argv"] is not null).Should().BeTrue();
    }

    private static IEnumerable<(string Name, OpenApiMediaType Media)> Bodies() =>
        from operation in ContractFile.Contract.Operations
        from body in (operation.Definition.Responses ?? [])
            .Select(r => (Name: $"{operation.Id} {r.Key}", r.Value.Content))
            .Append((Name: $"{operation.Id} request", operation.Definition.RequestBody?.Content))
        from media in body.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
        select (body.Name, media.Value);

    private static IEnumerable<(string Name, JsonNode? Example, IOpenApiSchema? Schema)> Parts() =>
    [
        .. from operation in ContractFile.Contract.Operations
           from parameter in (operation.Definition.Parameters ?? []).Concat(Document.Paths[operation.Path].Parameters ?? [])
           select ($"{operation.Id} {parameter.Name}", parameter.Example, parameter.Schema),
        .. from operation in ContractFile.Contract.Operations
           from response in operation.Definition.Responses ?? []
           from header in response.Value.Headers ?? new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal)
           select ($"{operation.Id} {response.Key} {header.Key}", header.Value.Example, header.Value.Schema),
    ];

    private static IEnumerable<(string Pointer, IOpenApiSchema Schema)> NamedSchemasAndMembers() =>
        from named in ContractFile.Contract.Schemas
        let pointer = $"/components/schemas/{named.Key}"
        from schema in (named.Value.Properties ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal))
            .Select(m => (Pointer: $"{pointer}/properties/{m.Key}", Schema: m.Value))
            .Prepend((pointer, named.Value))
        select schema;

    private static JsonElement Element(JsonNode? example) => JsonSerializer.SerializeToElement(example);
}
