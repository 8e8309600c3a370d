using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Kuid.TestKit.Contract;

/// <summary>The contract of the HTTP door, read from openapi.yaml.</summary>
public sealed class HttpContract
{
    private static readonly Lazy<HttpContract> Own = new(() => Read(File.ReadAllText(Repository.File("openapi.yaml"))));

    private HttpContract(JsonNode source, OpenApiDocument document)
    {
        Source = source;
        Document = document;
        Operations =
        [
            .. from path in document.Paths
               from operation in path.Value.Operations ?? []
               select new ContractOperation(operation.Key, path.Key, operation.Value) { PathParameters = [.. path.Value.Parameters ?? []] },
        ];
    }

    /// <summary>The project's own.</summary>
    public static HttpContract OfRepository => Own.Value;

    /// <summary>The file as the JSON that it stands for, with nothing filled in.</summary>
    public JsonNode Source { get; }

    /// <summary>The file as OpenAPI, its references resolved.</summary>
    public OpenApiDocument Document { get; }

    /// <summary>Its operations, in the order of the file.</summary>
    public IReadOnlyList<ContractOperation> Operations { get; }

    /// <summary>The first number of its version; contracts of another one may differ in anything.</summary>
    public int MajorVersion => Version.Parse(Document.Info.Version ?? throw new FormatException("the contract has no version")).Major;

    /// <summary>The named schemas.</summary>
    public IReadOnlyDictionary<string, IOpenApiSchema> Schemas =>
        Document.Components?.Schemas?.AsReadOnly() ?? new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal).AsReadOnly();

    /// <summary>Reads a contract.</summary>
    /// <exception cref="FormatException">It is no OpenAPI; the message has every reason.</exception>
    public static HttpContract Read(string yaml)
    {
        JsonNode source = YamlToJson.Read(yaml) ?? throw new FormatException("the contract is empty");
        ReadResult read = OpenApiDocument.Parse(source.ToJsonString(), OpenApiConstants.Json);
        string[] faults = [.. from error in (read.Diagnostic?.Errors ?? []).Concat(read.Diagnostic?.Warnings ?? []) select $"{error}"];
        return faults is [] && read.Document is { } document
            ? new HttpContract(source, document)
            : throw new FormatException($"the contract is no OpenAPI: {string.Join("; ", faults)}");
    }

    /// <summary>The operation that a request asks for; null when it asks for none.</summary>
    /// <param name="path">The path as it is sent, without the query.</param>
    public ContractOperation? Find(HttpMethod method, string path) => At(path).FirstOrDefault(o => o.Method == method);

    /// <summary>The operations of a path; where two templates fit, those of the one with fewer parameters.</summary>
    public IEnumerable<ContractOperation> At(string path) =>
        Operations.Where(o => o.Serves(path)).GroupBy(o => o.Parameters).OrderBy(g => g.Key).Take(1).SelectMany(g => g);
}
