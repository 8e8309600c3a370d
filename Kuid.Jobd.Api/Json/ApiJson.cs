using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Problems;

namespace Kuid.Jobd.Api.Json;

/// <summary>
/// How every body is read and written, generated at build time. Reading is as strict as the contract: names in their case, no
/// unknown member, none twice, no number in quotes.
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
[JsonSerializable(typeof(OutputEventJson))]
[JsonSerializable(typeof(EmptyEventJson))]
[JsonSerializable(typeof(ExecResultJson))]
[JsonSerializable(typeof(HostRequest))]
[JsonSerializable(typeof(HostJson))]
[JsonSerializable(typeof(HostListJson))]
[JsonSerializable(typeof(HostProbeJson))]
[JsonSerializable(typeof(CommandListJson))]
[JsonSerializable(typeof(PipelineCheckRequest))]
[JsonSerializable(typeof(PipelineCheckJson))]
[JsonSerializable(typeof(BatchSubmission))]
[JsonSerializable(typeof(BatchJson))]
[JsonSerializable(typeof(BatchListJson))]
[JsonSerializable(typeof(BulkRequest))]
[JsonSerializable(typeof(BulkResultJson))]
[JsonSerializable(typeof(ServiceListJson))]
[JsonSerializable(typeof(ServiceCallRequest))]
[JsonSerializable(typeof(HealthJson))]
[JsonSerializable(typeof(ReadinessJson))]
[JsonSerializable(typeof(VersionJson))]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(SchedulePreviewRequest))]
[JsonSerializable(typeof(SchedulePreviewJson))]
[JsonSerializable(typeof(ScheduleJson))]
[JsonSerializable(typeof(ScheduleListJson))]
[JsonSerializable(typeof(SessionRequest))]
[JsonSerializable(typeof(SessionJson))]
[JsonSerializable(typeof(SessionListJson))]
[JsonSerializable(typeof(EvalRequest))]
[JsonSerializable(typeof(EvalResultJson))]
[JsonSerializable(typeof(CompletionRequest))]
[JsonSerializable(typeof(CompletionJson))]
[JsonSerializable(typeof(JobPatch))]
[JsonSerializable(typeof(QueueRequest))]
[JsonSerializable(typeof(QueueJson))]
[JsonSerializable(typeof(QueueListJson))]
[JsonSerializable(typeof(QueuePurgeJson))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>
    /// The same for answers. Nothing here ends up in HTML: what has to be escaped for that is left as it is, readable and short.
    /// </summary>
    internal static ApiJson Answers => Relaxed.Context;

    /// <summary>The same for what is kept to be read again: members that are not there are left out, as their client did.</summary>
    internal static ApiJson Kept => Relaxed.Kept;

    // A class of its own, because this has to be made after the generated default.
    private static class Relaxed
    {
        internal static readonly ApiJson Context = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        internal static readonly ApiJson Kept = new(new JsonSerializerOptions(Context.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });
    }
}
