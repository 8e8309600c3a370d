using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core;

/// <summary>All log lines of the engine; ids 100 to 199, and 380 to 389 for degraded modes.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Error, "job {Job}: the runner failed; this is a fault of the daemon")]
    internal static partial void RunnerFailed(ILogger log, Exception e, long job);

    [LoggerMessage(101, LogLevel.Information, "job {Job}: ending its processes, reason {Reason}")]
    internal static partial void Ending(ILogger log, long job, JobReason reason);

    [LoggerMessage(103, LogLevel.Warning, "job {Job}: its process group {Pid} is another user's now and cannot be signalled")]
    internal static partial void CannotSignal(ILogger log, long job, int pid);

    [LoggerMessage(102, LogLevel.Debug,
        "job {Job}: {State}, reason {Reason}, {Status}, pid {Pid}, {Milliseconds} ms, stdout {Stdout} bytes, stderr {Stderr} bytes, "
        + "origin {Origin}, principal {Principal}")]
    internal static partial void Ended(
        ILogger log, long job, JobState state, JobReason reason, string status, int? pid, long milliseconds, long stdout, long stderr,
        JobOrigin origin, string principal);

    [LoggerMessage(110, LogLevel.Error, "history: {Fault}: {Error}; jobs that must be recorded before they run are refused, all others run on")]
    internal static partial void HistoryFailed(ILogger log, Exception? e, StoreFault fault, string error);

    [LoggerMessage(111, LogLevel.Information, "history: works again, {Jobs} jobs are still to be written")]
    internal static partial void HistoryRecovered(ILogger log, int jobs);

    [LoggerMessage(112, LogLevel.Error, "history: {Jobs} jobs are not recorded, {Dropped} jobs and outputs since the start")]
    internal static partial void HistoryGaveUp(ILogger log, int jobs, long dropped);

    [LoggerMessage(113, LogLevel.Warning, "job {Job}: its output is not kept: {Error}")]
    internal static partial void OutputNotKept(ILogger log, long job, string error);

    [LoggerMessage(114, LogLevel.Information, "history: {Library}, {Records} jobs were running when the daemon died and are lost, {Queued} wait")]
    internal static partial void Recovered(ILogger log, string library, int records, int queued);

    [LoggerMessage(115, LogLevel.Warning, "job {Job}: lost, its process {Pid} is still alive and is killed with all that it has started")]
    internal static partial void KillingLost(ILogger log, long job, int pid);

    [LoggerMessage(116, LogLevel.Error, "job {Job}: lost, its process {Pid} does not die")]
    internal static partial void LostStaysAlive(ILogger log, long job, int pid);

    [LoggerMessage(117, LogLevel.Information, "history: was not closed; it has been looked through and is sound")]
    internal static partial void HistorySound(ILogger log);

    [LoggerMessage(118, LogLevel.Critical, "history: is damaged: {Verdict}; nothing is written to it any more, restore a copy and start again")]
    internal static partial void HistoryDamaged(ILogger log, string verdict);

    [LoggerMessage(119, LogLevel.Information, "history: removed {Records} old records and the output of {Outputs} jobs")]
    internal static partial void Pruned(ILogger log, int records, int outputs);

    [LoggerMessage(120, LogLevel.Warning, "history: old records cannot be removed: {Error}")]
    internal static partial void PruneFailed(ILogger log, string error);

    [LoggerMessage(122, LogLevel.Error, "job {Job}: is not recorded: the history works and does not take it")]
    internal static partial void JobNotRecorded(ILogger log, Exception e, long job);

    [LoggerMessage(123, LogLevel.Warning, "job {Job}: the files of its output cannot be removed before the next start: {Error}")]
    internal static partial void FilesNotRemoved(ILogger log, long job, string error);

    [LoggerMessage(121, LogLevel.Warning, "history: could not be looked through for damage: {Error}")]
    internal static partial void CheckFailed(ILogger log, string error);

    [LoggerMessage(380, LogLevel.Warning,
        "history: its write-ahead log has grown to {Bytes} bytes, because somebody has been reading the file for long; it is emptied when they are done")]
    internal static partial void WriteAheadLogLarge(ILogger log, long bytes);

    [LoggerMessage(381, LogLevel.Information, "history: its write-ahead log has been emptied, {Bytes} bytes are kept for what comes")]
    internal static partial void WriteAheadLogEmptied(ILogger log, long bytes);

    [LoggerMessage(124, LogLevel.Error, "a change of a job was not taken by one who wanted to know of it; this is a fault of the daemon")]
    internal static partial void SubscriberFailed(ILogger log, Exception e);

    [LoggerMessage(130, LogLevel.Information, "job {Job}: ending its pipeline, reason {Reason}")]
    internal static partial void EndingPipeline(ILogger log, long job, JobReason reason);

    [LoggerMessage(131, LogLevel.Error, "job {Job}: the evaluation on {Host} failed; this is a fault of the daemon")]
    internal static partial void EvaluationFailed(ILogger log, Exception e, long job, string host);

    [LoggerMessage(132, LogLevel.Information, "kuid-sysreqd: started, pid {Pid}, on {Path}")]
    internal static partial void ServerStarted(ILogger log, int pid, string path);

    [LoggerMessage(133, LogLevel.Warning, "kuid-sysreqd: pid {Pid} ended, {Status}; it is started again when it is needed")]
    internal static partial void ServerEnded(ILogger log, int pid, string status);

    [LoggerMessage(134, LogLevel.Warning, "{Program}: {Line}")]
    internal static partial void ServerSaid(ILogger log, string program, string line);

    [LoggerMessage(146, LogLevel.Warning, "batch {Batch}: that it is stopped is not recorded: {Error}")]
    internal static partial void BatchNotNoted(ILogger log, long batch, string error);

    [LoggerMessage(160, LogLevel.Warning, "schedule {Schedule}: cannot be read: {Detail}; it makes no jobs")]
    internal static partial void ScheduleUnreadable(ILogger log, string schedule, string detail);

    [LoggerMessage(161, LogLevel.Warning, "schedule {Schedule}: no job this time: {Detail}")]
    internal static partial void ScheduleFailed(ILogger log, string schedule, string detail);

    [LoggerMessage(162, LogLevel.Information, "schedule {Schedule}: what was due at {Due:u} was missed")]
    internal static partial void ScheduleMissed(ILogger log, string schedule, DateTime due);

    [LoggerMessage(163, LogLevel.Warning, "schedule {Schedule}: what has become of it cannot be kept: {Detail}")]
    internal static partial void ScheduleNotKept(ILogger log, string schedule, string detail);

    [LoggerMessage(164, LogLevel.Warning, "the clock was set back by {Seconds:F0} seconds; schedules go on by the new time")]
    internal static partial void ClockSetBack(ILogger log, double seconds);

    [LoggerMessage(170, LogLevel.Debug, "session {Session}: {Principal} has opened it on {Host}")]
    internal static partial void SessionOpened(ILogger log, string session, string principal, string host);

    [LoggerMessage(171, LogLevel.Information, "session {Session}: idle for {Seconds} seconds, closed")]
    internal static partial void SessionExpired(ILogger log, string session, double seconds);

    [LoggerMessage(172, LogLevel.Warning, "session {Session}: could not be closed properly")]
    internal static partial void SessionNotClosed(ILogger log, Exception e, string session);

    [LoggerMessage(300, LogLevel.Error, "job {Job}: processes of its tree are still alive, killed as they are")]
    internal static partial void TreeStaysAlive(ILogger logger, long job);

    [LoggerMessage(301, LogLevel.Warning, "cgroup {Path}: the daemon before has left processes of a job in it, which are killed")]
    internal static partial void KillingLeftTree(ILogger logger, string path);

    [LoggerMessage(302, LogLevel.Error, "cgroup {Path}: what the daemon before has left in it does not die")]
    internal static partial void LeftTreeStaysAlive(ILogger logger, string path);
}
