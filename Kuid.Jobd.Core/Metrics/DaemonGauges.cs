using System.Diagnostics.Metrics;
using System.Globalization;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>What can be counted at any moment: jobs that are not over, queues, the history's arrears, the process itself. Asked only when somebody reads.</summary>
/// <remarks>
/// Names of queues are the clients' to choose, and each is a series that whoever collects keeps for months: only so many of the
/// fullest have their own, and the others are one together.
/// </remarks>
public sealed class DaemonGauges : IDisposable
{
    /// <summary>How many queues have series of their own.</summary>
    public const int MostQueues = 50;

    /// <summary>What the others are called together; no queue can be.</summary>
    public const string OtherQueues = "(other)";

    private readonly Meter _meter = new(KuidMeter.Name);
    private readonly JobService _jobs;

    /// <summary>Begins to offer them.</summary>
    /// <param name="version">The daemon's version.</param>
    public DaemonGauges(JobService jobs, string version)
    {
        _jobs = jobs;
        var build = new Measurement<long>(1, new KeyValuePair<string, object?>("version", version));
        _meter.CreateObservableGauge("kuid.build.info", () => build, unit: null, "1, with the version of the daemon.");
        _meter.CreateObservableGauge("kuid.jobs", States, "{job}", "Jobs that are not over, by state and door.");
        _meter.CreateObservableGauge("kuid.queue.waiting", () => Queues(JobState.Queued), "{job}", "Jobs that wait in a queue for their turn.");
        _meter.CreateObservableGauge("kuid.queue.running", () => Queues(JobState.Running, JobState.Canceling), "{job}", "Jobs of a queue that run.");
        _meter.CreateObservableGauge("kuid.history.unsaved", () => (long)jobs.History.Health.Unsaved, "{job}", "Jobs that wait to be written to the history.");
        _meter.CreateObservableCounter("kuid.history.dropped", () => jobs.History.Health.Dropped, "{job}", "Jobs or outputs that the history could not keep.");
        _meter.CreateObservableGauge("kuid.history.wal.size", () => jobs.History.WriteAheadBytes, "By", "The history's write-ahead log; a reader that does not end makes it grow.");
        _meter.CreateObservableGauge("kuid.threadpool.queue.length", () => ThreadPool.PendingWorkItemCount, "{item}", "Work that waits for a thread of the pool.");
        _meter.CreateObservableGauge("kuid.threadpool.threads", () => (long)ThreadPool.ThreadCount, "{thread}", "Threads of the pool.");
        _meter.CreateObservableGauge("kuid.process.open.descriptors", Descriptors, "{descriptor}", "Open file descriptors of the daemon.");
        _meter.CreateObservableGauge("kuid.process.resident.memory", Resident, "By", "Resident memory of the daemon.");
        _meter.CreateObservableGauge("kuid.gc.heap", () => GC.GetTotalMemory(forceFullCollection: false), "By", "The managed heap of the daemon.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> States() => _jobs.Live
        .GroupBy(job => (job.State, job.Spec.Origin))
        .Where(group => !JobTransitions.IsTerminal(group.Key.State))
        .Select(group => new Measurement<long>(
            group.LongCount(), Tag<JobState>.Of("state", group.Key.State), Tag<JobOrigin>.Of("origin", group.Key.Origin)));

    private IEnumerable<Measurement<long>> Queues(params JobState[] states)
    {
        // The fullest by all that is in them, so that those of one measurement are those of the other.
        List<(string Name, long All, long Chosen)> queues =
        [
            .. _jobs.Live.Where(job => job.Queue is not null).GroupBy(job => job.Queue!, StringComparer.Ordinal)
                .Select(group => (group.Key, group.LongCount(), group.LongCount(job => states.Contains(job.State))))
                .OrderByDescending(queue => queue.Item2).ThenBy(queue => queue.Key, StringComparer.Ordinal),
        ];
        foreach ((string name, _, long chosen) in queues.Take(MostQueues))
        {
            yield return new Measurement<long>(chosen, new KeyValuePair<string, object?>("queue", name));
        }

        if (queues.Count > MostQueues)
        {
            yield return new Measurement<long>(
                queues.Skip(MostQueues).Sum(queue => queue.Chosen), new KeyValuePair<string, object?>("queue", OtherQueues));
        }
    }

    private static long Descriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount();

    // The second number of statm is the resident set in pages (proc(5)).
    private static long Resident()
    {
        string[] pages = File.ReadAllText("/proc/self/statm").Split(' ');
        return long.Parse(pages[1], NumberStyles.None, CultureInfo.InvariantCulture) * Environment.SystemPageSize;
    }
}
