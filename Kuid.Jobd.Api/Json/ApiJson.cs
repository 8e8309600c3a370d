using System.Text.Json.Serialization;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Problems;

namespace Kuid.Jobd.Api.Json;

/// <summary>
/// How every body is read and written, generated at build time. Reading is as strict as the contract: names in their case, no
/// unknown member, none twice, no number in quotes. Writing leaves characters as they are where JSON allows it.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    PropertyNameCaseInsensitive = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.Strict,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = StrictJson.MaxDepth)]
[JsonSerializable(typeof(JobSubmission))]
[JsonSerializable(typeof(ExecRequest))]
[JsonSerializable(typeof(SignalRequest))]
[JsonSerializable(typeof(JobJson))]
[JsonSerializable(typeof(JobListJson))]
[JsonSerializable(typeof(ExecResultJson))]
[JsonSerializable(typeof(HealthJson))]
[JsonSerializable(typeof(ReadinessJson))]
[JsonSerializable(typeof(VersionJson))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext;
