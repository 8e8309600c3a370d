using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>The lines about who may do what; ids 341 to 359.</summary>
internal static partial class Log
{
    [LoggerMessage(341, LogLevel.Error, "audit: {Path} cannot be written to, decisions are not noted: {Error}")]
    internal static partial void AuditFailed(ILogger log, string path, string error);
}
