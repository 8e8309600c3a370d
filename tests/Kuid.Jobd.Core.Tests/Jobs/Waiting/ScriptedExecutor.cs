using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

/// <summary>
/// Runs jobs that are no processes: each ends as a script says, having written a byte. It watches what may never be, and
/// remembers in which order jobs started.
/// </summary>
internal sealed class ScriptedExecutor(TimeProvider clock) : IJobExecutor
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _running = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private readonly List<Job> _starts = [];

    /// <summary>What happened that may not.</summary>
    internal IReadOnlyList<string> Faults
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults];
            }
        }
    }

    /// <summary>The jobs in the order of their starts, once for each attempt.</summary>
    internal IReadOnlyList<Job> Starts
    {
        get
        {
            lock (_gate)
            {
                return [.. _starts];
            }
        }
    }

    /// <summary>How many jobs a queue may run at once.</summary>
    internal Func<string, int> Concurrency { get; set; } = _ => int.MaxValue;

    /// <summary>Whether an attempt of a job succeeds.</summary>
    internal Func<Job, bool> Succeeds { get; set; } = _ => true;

    /// <summary>What an attempt does with its input.</summary>
    internal Func<Job, Task> Reads { get; set; } = _ => Task.CompletedTask;

    /// <summary>Whether a job is over.</summary>
    internal Func<long, bool> IsOver { get; set; } = _ => true;

    public async Task<JobResult> ExecuteAsync(Job job)
    {
        Begin(job);
        await Reads(job);
        for (int turns = (int)(job.Id % 4); turns >= 0; turns--)
        {
            await Task.Yield();
        }

        job.Output.Append(OutputStream.Stdout, "x"u8);
        End(job);
        const int ExitOne = 0x100;
        return new JobResult { Reason = JobReason.Exit, Status = new WaitStatus(Succeeds(job) ? 0 : ExitOne) };
    }

    private void Begin(Job job)
    {
        lock (_gate)
        {
            _starts.Add(job);
            string queue = job.Spec.Queue!;
            int running = _running[queue] = _running.GetValueOrDefault(queue) + 1;
            Check(running <= Concurrency(queue), job, $"is number {running} at once in {queue}");
            Check(job.Spec.Key is not { } key || _keys.Add(key), job, "runs beside another with its key");
            Check(job.Snapshot().NotBefore is not { } time || time <= clock.GetUtcNow().UtcDateTime, job, "runs before its time");
            Check(job.Spec.After.All(IsOver), job, "runs before one that it comes after is over");
        }
    }

    private void End(Job job)
    {
        lock (_gate)
        {
            _running[job.Spec.Queue!]--;
            if (job.Spec.Key is { } key)
            {
                _keys.Remove(key);
            }
        }
    }

    private void Check(bool holds, Job job, string fault)
    {
        if (!holds)
        {
            _faults.Add($"job {job.Id} {fault}");
        }
    }
}
