using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Api;

/// <summary>All log lines of the HTTP door; ids 200 to 299.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Error, "http: {Method} {Operation} failed, traceId {TraceId}; this is a fault of the daemon")]
    internal static partial void RequestFailed(ILogger log, string method, string operation, string traceId, Exception e);

    [LoggerMessage(201, LogLevel.Warning, "http: {Principal} refused: {Reason}")]
    internal static partial void Refused(ILogger log, string principal, string reason);

    [LoggerMessage(202, LogLevel.Information, "job {Job}: {Principal} went away, the job is ended")]
    internal static partial void WentAway(ILogger log, long job, string principal);

    [LoggerMessage(340, LogLevel.Error, "http: {Problem}; it opens nothing")]
    internal static partial void TokenNotRead(ILogger log, string problem);
}
