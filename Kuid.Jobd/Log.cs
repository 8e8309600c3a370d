using Kuid.Jobd.Doors.Sockproc;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>All log lines of the daemon; ids 1 to 99.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "kuid-jobd {Version} ready, pid {Pid}, data folder {Data}")]
    internal static partial void Ready(ILogger log, string version, int pid, string data);

    [LoggerMessage(2, LogLevel.Information, "listening on {Address}, at most {Connections} connections at once")]
    internal static partial void Listening(ILogger log, string address, int connections);

    [LoggerMessage(3, LogLevel.Warning, "running as root: everybody who reaches {Address} runs commands as root")]
    internal static partial void RunningAsRoot(ILogger log, string address);

    [LoggerMessage(4, LogLevel.Warning, "the environment variable {Name} is no option and has no effect")]
    internal static partial void UnknownVariable(ILogger log, string name);

    [LoggerMessage(5, LogLevel.Information, "{Signal}: stopping, jobs have {Seconds} s to finish")]
    internal static partial void Stopping(ILogger log, string signal, double seconds);

    [LoggerMessage(6, LogLevel.Information, "a second signal: jobs are ended now")]
    internal static partial void Hurrying(ILogger log);

    [LoggerMessage(7, LogLevel.Information, "stopped")]
    internal static partial void Stopped(ILogger log);

    [LoggerMessage(8, LogLevel.Information, "SIGHUP: configuration read again")]
    internal static partial void Reloaded(ILogger log);

    [LoggerMessage(9, LogLevel.Error, "SIGHUP: the configuration stays as it was: {Error}")]
    internal static partial void ReloadFailed(ILogger log, string error);

    [LoggerMessage(10, LogLevel.Warning, "SIGHUP: {Option} has changed and takes effect at the next start")]
    internal static partial void NeedsRestart(ILogger log, string option);

    [LoggerMessage(11, LogLevel.Warning, "the original limit on open files is not known, jobs get the daemon's: start bin/kuid-jobd")]
    internal static partial void NofileUnknown(ILogger log);

    [LoggerMessage(12, LogLevel.Debug, "{Signal} means nothing to kuid-jobd")]
    internal static partial void SignalIgnored(ILogger log, string signal);

    [LoggerMessage(13, LogLevel.Warning, "stopping with {Jobs} jobs that could not be ended; clients that did not take their replies lose them")]
    internal static partial void LeftBehind(ILogger log, int jobs);

    [LoggerMessage(14, LogLevel.Information, "history: led from schema version {Found} to {Version} in {Milliseconds} ms")]
    internal static partial void HistoryMigrated(ILogger log, int found, int version, long milliseconds);

    [LoggerMessage(20, LogLevel.Warning, "accept on {Address} failed: {Error}; trying again")]
    internal static partial void AcceptFailed(ILogger log, string address, string error);

    [LoggerMessage(21, LogLevel.Warning, "sockproc: {Principal} refused, {Reason}: {Text}")]
    internal static partial void Refused(ILogger log, string principal, RejectionReason reason, string text);

    [LoggerMessage(24, LogLevel.Debug, "sockproc: {Principal} closed without having sent anything")]
    internal static partial void SentNothing(ILogger log, string principal);

    [LoggerMessage(22, LogLevel.Error, "sockproc: a connection failed; this is a fault of the daemon")]
    internal static partial void ExchangeFailed(ILogger log, Exception e);

    [LoggerMessage(23, LogLevel.Information, "job {Job}: {Principal} hung up, the job is ended")]
    internal static partial void HungUp(ILogger log, long job, string principal);

    [LoggerMessage(30, LogLevel.Warning, "services: {Principal} refused: {Text}")]
    internal static partial void CallRefused(ILogger log, string principal, string text);

    [LoggerMessage(31, LogLevel.Error, "services: a connection of a caller failed; this is a fault of the daemon")]
    internal static partial void CallFailed(ILogger log, Exception e);

    [LoggerMessage(32, LogLevel.Information, "registry: a subserver of user {User} has come")]
    internal static partial void SubserverCame(ILogger log, uint user);

    [LoggerMessage(33, LogLevel.Information, "registry: a subserver of user {User} has left")]
    internal static partial void SubserverLeft(ILogger log, uint user);

    [LoggerMessage(34, LogLevel.Warning, "registry: what a subserver of user {User} sends is not understood: {Text}; its connection is closed")]
    internal static partial void SubserverRefused(ILogger log, uint user, string text);

    [LoggerMessage(35, LogLevel.Error, "registry: a connection of a subserver failed; this is a fault of the daemon")]
    internal static partial void SubserverFailed(ILogger log, Exception e);

    [LoggerMessage(395, LogLevel.Error, "{Part} has not answered for {Seconds} s; the supervisor is given no sign of life until it does")]
    internal static partial void PartIsStuck(ILogger log, string part, double seconds);

    [LoggerMessage(303, LogLevel.Warning, "cgroup: jobs have none, what they start is looked for in /proc when it is to be killed: {Reason}")]
    internal static partial void NoCgroup(ILogger log, string reason);
}
