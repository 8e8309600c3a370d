using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core;

/// <summary>The log lines of jobs that outlive the daemon; ids 320 to 339.</summary>
internal static partial class Log
{
    [LoggerMessage(320, LogLevel.Information, "job {Job}: adopted, pid {Pid}")]
    internal static partial void Adopted(ILogger log, long job, int pid);

    [LoggerMessage(321, LogLevel.Warning, "job {Job}: cannot be adopted: {Detail}")]
    internal static partial void CannotAdopt(ILogger log, long job, string detail);

    [LoggerMessage(322, LogLevel.Warning, "job {Job}: lost, and its process {Pid} is killed with all that it has started: {Detail}")]
    internal static partial void KeeperLost(ILogger log, long job, int pid, string detail);

    [LoggerMessage(323, LogLevel.Information, "job {Job}: goes on without the daemon, pid {Pid}")]
    internal static partial void LeftRunning(ILogger log, long job, int? pid);

    [LoggerMessage(324, LogLevel.Warning, "job {Job}: nobody knows it any more, and its process {Pid} is killed with all that it has started")]
    internal static partial void KillingOrphan(ILogger log, long job, int pid);

    [LoggerMessage(325, LogLevel.Warning, "job {Job}: its record log cannot be removed: {Detail}")]
    internal static partial void RecordLogNotRemoved(ILogger log, long job, string detail);
}
