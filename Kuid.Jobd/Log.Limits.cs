using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>The log lines about limits; ids 360 to 379.</summary>
internal static partial class Log
{
    [LoggerMessage(360, LogLevel.Warning, "{Door}: {Connections} connections that had said nothing were closed to make room for others")]
    internal static partial void NewcomersDropped(ILogger log, string door, int connections);

    [LoggerMessage(362, LogLevel.Warning, "http: a connection refused, for there are {Connections} at once or no open files for another")]
    internal static partial void HttpRefused(ILogger log, int connections);

    [LoggerMessage(361, LogLevel.Information, "jobs may have {Files} files open together; those that find no room wait")]
    internal static partial void RoomForJobs(ILogger log, long files);
}
