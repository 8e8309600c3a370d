namespace Kuid.Http.Tests;

/// <summary>The documented answers that no single request provokes.</summary>
public sealed partial class ContractSpecs
{
    /// <summary>What no request can provoke, and where it is shown instead.</summary>
    private static readonly Dictionary<(string Operation, int Status), string> Elsewhere = new(new[]
    {
        Of(200, "does not end by itself, so nothing here can read it whole: FollowEventsSpecs",
            "followEvents"),
        Of(410, "needs retention to have run over the job: FaultSpecs",
            "getResult", "getRows", "getStdout", "getStderr", "getOutput"),
        Of(429, "needs a hundred thousand jobs that wait: ExceptionHandlerSpecs, without a daemon",
            "submitJob", "submitBatch", "triggerSchedule", "rerunJob", "runService"),
        Of(429, "its jobs are in no queue, so nothing gives it yet: ExceptionHandlerSpecs, without a daemon",
            "exec"),
        Of(429, "needs a daemon whose sessions are all taken: SessionSpecs",
            "createSession"),
        Of(429, "needs as many streams as there may be: FollowSpecs",
            "followJob", "followEvents"),
        Of(503, "needs a history that cannot be written: LockedHistorySpecs",
            "submitBatch", "deleteJob", "putHost", "deleteHost", "putSchedule", "deleteSchedule", "triggerSchedule", "pauseSchedule",
            "resumeSchedule", "putQueue", "deleteQueue", "pauseQueue", "resumeQueue", "drainQueue", "rerunJob"),
        Of(503, "needs a history that cannot be read: DamagedHistorySpecs",
            DamagedHistorySpecs.Readers),
        Of(503, "needs a daemon that stops, whose connections are closed before they can ask: ExceptionHandlerSpecs, without a daemon",
            "submitJob", "exec", "evalSession", "runService"),
        Of(503, "needs a history that cannot be written: FaultSpecs",
            "getReadiness"),
        Of(507, "needs a full disk: FaultSpecs",
            "submitBatch", "submitJob", "deleteJob", "putHost", "deleteHost", "putSchedule", "deleteSchedule", "triggerSchedule",
            "pauseSchedule", "resumeSchedule", "putQueue", "deleteQueue", "pauseQueue", "resumeQueue", "drainQueue", "rerunJob", "runService"),
    }.SelectMany(each => each));

    private static IEnumerable<KeyValuePair<(string, int), string>> Of(int status, string shown, params string[] operations) =>
        operations.Select(operation => KeyValuePair.Create((operation, status), shown));
}
