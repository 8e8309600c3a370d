using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kuid.Cli.Api;

/// <summary>The JSON of the contract, generated at build time: reflection would double the time a start takes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(DocumentList))]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(JobSubmission))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(PipelineResult))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SignalRequest))]
[JsonSerializable(typeof(DaemonVersion))]
internal sealed partial class WireContext : JsonSerializerContext;

/// <summary>One page of a list.</summary>
/// <param name="Items">The documents.</param>
/// <param name="NextCursor">What asks for the next page; null on the last.</param>
internal sealed record DocumentList(IReadOnlyList<JsonElement> Items, string? NextCursor = null);

/// <summary>The body of a signal.</summary>
/// <param name="Signal">A name or a number.</param>
internal sealed record SignalRequest(string Signal);

/// <summary>What the daemon says of itself.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Api">The version of its HTTP interface.</param>
/// <param name="Runtime">What it runs on.</param>
/// <param name="Store">What keeps its history; null from one that keeps none.</param>
internal sealed record DaemonVersion(string Version, string? Api = null, string? Runtime = null, string? Store = null);
