using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>The log lines of the coprocess door; ids 40 to 49.</summary>
internal static partial class Log
{
    [LoggerMessage(40, LogLevel.Warning, "coprocess: {Principal} refused: {Reason}")]
    internal static partial void CoprocessRefused(ILogger log, string principal, string reason);

    [LoggerMessage(41, LogLevel.Warning, "coprocess: the connection of {Principal} is closed: {Error}")]
    internal static partial void CoprocessOutOfStep(ILogger log, string principal, string error);

    [LoggerMessage(42, LogLevel.Debug, "coprocess: {Principal} is gone: {Error}")]
    internal static partial void CoprocessGone(ILogger log, string principal, string error);

    [LoggerMessage(43, LogLevel.Error, "coprocess: a connection failed; this is a fault of the daemon")]
    internal static partial void CoprocessFailed(ILogger log, Exception e);
}
