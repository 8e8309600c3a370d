using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Metrics;

/// <summary>What is measured of jobs as they live.</summary>
internal static class JobMeter
{
    private static readonly Counter<long> Ended = KuidMeter.Engine.CreateCounter<long>(
        "kuid.jobs.ended", "{job}", "Jobs that are over, by the state and the reason in which they ended and the door they came in by.");

    private static readonly Histogram<double> Waited = KuidMeter.Engine.CreateHistogram(
        "kuid.job.queue.wait", "s", "How long jobs waited in their queue before they started.", tags: null, KuidMeter.Times);

    private static readonly Histogram<double> Ran = KuidMeter.Engine.CreateHistogram(
        "kuid.job.duration", "s", "How long jobs ran.", tags: null, KuidMeter.Times);

    private static readonly Histogram<double> Spawned = KuidMeter.Engine.CreateHistogram(
        "kuid.spawn.duration", "s", "From the order to start a process to its execution.", tags: null, KuidMeter.ShortTimes);

    private static readonly Counter<long> Output = KuidMeter.Engine.CreateCounter<long>(
        "kuid.job.output", "By", "What jobs wrote to their streams.");

    private static readonly KeyValuePair<string, object?> Stdout = new("stream", "stdout");
    private static readonly KeyValuePair<string, object?> Stderr = new("stream", "stderr");

    /// <summary>The state of a job has changed to what it is now.</summary>
    internal static void Moved(JobRecord job)
    {
        if (job is { State: JobState.Running, StartedAt: { } started, QueuedAt: { } queued })
        {
            // Both are the wall clock's, which may have been set back in between.
            Waited.Record(Math.Max(0, (started - queued).TotalSeconds), Tag<JobOrigin>.Of("origin", job.Origin));
        }
        else if (job.HasEnded)
        {
            KeyValuePair<string, object?> state = Tag<JobState>.Of("state", job.State), origin = Tag<JobOrigin>.Of("origin", job.Origin);
            Ended.Add(1, state, Tag<JobReason>.Of("reason", job.Reason ?? JobReason.Lost), origin);
            if (job.Duration is { } ran)
            {
                Ran.Record(ran.TotalSeconds, state, origin);
            }
        }
    }

    /// <summary>A process has executed.</summary>
    /// <param name="ordered">When it was ordered, by <see cref="Stopwatch.GetTimestamp"/>.</param>
    internal static void Started(long ordered) => Spawned.Record(Stopwatch.GetElapsedTime(ordered).TotalSeconds);

    /// <summary>A job has written something.</summary>
    internal static void Wrote(OutputStream stream, int bytes) => Output.Add(bytes, stream == OutputStream.Stdout ? Stdout : Stderr);
}
