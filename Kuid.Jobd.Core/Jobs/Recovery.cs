using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Jobs.Waiting;
using Kuid.Jobd.Core.Keeping;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Trees;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// What a daemon that was killed has left: jobs that ran are lost, or tried again where they have an attempt left, and what is alive
/// of them is killed before anything new is accepted; jobs that waited go on waiting here, each where it was.
/// </summary>
public sealed class Recovery(JobService jobs, History history, SpoolSpace spool, TimeProvider clock, ILogger<Recovery> log)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Takes over; when it completes, nothing of the daemon before is alive that can be told from a stranger.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task RunAsync()
    {
        IReadOnlyList<JobRecord> all = await history.InStatesAsync(JobState.Running, JobState.Canceling);
        List<(JobRecord Job, KeptProcess Process)> adopted = await FindSurvivorsAsync(all);
        JobRecord[] ran = [.. all.ExceptBy(adopted.Select(found => found.Job.Id), job => job.Id)];
        IReadOnlyList<JobRecord> waited = await history.InStatesAsync(JobState.Scheduled, JobState.Queued);
        HashSet<long?> reported = [.. all.Concat(waited).Where(job => job.Kind == JobKind.Callback).Select(job => job.ParentId)];
        await KillAsync([.. ran.Where(IsAlive)]);
        await Trees.KillLeftAsync();
        await jobs.Queues.LoadAsync();
        List<JobRecord> again = [];
        foreach (JobRecord record in ran)
        {
            using var job = new Job(record, JobSpec.Of(record, JobInput.Empty), OutputLog.Empty(spool, clock), clock) { Changes = jobs.Changes };
            if (record is { State: JobState.Running } && record.Attempt < record.MaxAttempts)
            {
                job.RetryAfterDeath(clock.GetUtcNow().UtcDateTime + Backoff.After(record.Attempt, record.RetryBackoff));
                again.Add(job.Snapshot());
                _ = history.SaveAsync(job);
            }
            else
            {
                job.Lose();
                _ = jobs.RecordEndAsync(job, isReported: reported.Contains(record.Id));
            }
        }

        await history.FlushAsync();
        Dictionary<long, LiveBatch> batches = await BatchesOfAsync(waited.Concat(again).Concat(adopted.Select(found => found.Job)));
        Adopt(adopted, batches);

        // The oldest first: a job comes after older ones, and replaces them.
        foreach (JobRecord record in waited.Concat(again).OrderBy(job => job.Id))
        {
            JobSpec spec = JobSpec.Of(record, record.StdinMode == StdinMode.Stream ? new StreamedInput() : JobInput.Empty);
            jobs.Restore(record, spec with { Batch = record.BatchId is { } batch ? batches.GetValueOrDefault(batch) : null });
        }

        HashSet<long> known = [.. adopted.Select(found => found.Job.Id), .. waited.Concat(again).Select(job => job.Id)];
        Survivors?.Sweep(known.Contains);
        Log.Recovered(log, history.Library, ran.Length - again.Count, waited.Count + again.Count);
    }

    /// <summary>Finds jobs that have outlived the daemon before; null where none does.</summary>
    public KeptExecutor? Survivors { get; init; }

    /// <summary>What the processes of jobs were held together by.</summary>
    public IProcessTrees Trees { get; init; } = NoTrees.Instance;

    /// <summary>How long a job pauses that is tried again.</summary>
    public Backoff Backoff { get; init; } = Backoff.ByChance;

    private async Task<List<(JobRecord Job, KeptProcess Process)>> FindSurvivorsAsync(IEnumerable<JobRecord> ran)
    {
        List<(JobRecord, KeptProcess)> found = [];
        foreach (JobRecord job in ran.Where(job => job.Survives))
        {
            if (Survivors is not null && await Survivors.FindAsync(job) is { } process)
            {
                found.Add((job, process));
            }
        }

        return found;
    }

    // Before what waits: they have places in queues, and of keys.
    private void Adopt(IEnumerable<(JobRecord Job, KeptProcess Process)> found, Dictionary<long, LiveBatch> batches)
    {
        foreach ((JobRecord job, KeptProcess process) in found)
        {
            Log.Adopted(log, job.Id, process.Pid);
            JobSpec spec = JobSpec.Of(job, JobInput.Empty) with { Batch = job.BatchId is { } batch ? batches.GetValueOrDefault(batch) : null };
            jobs.Adopt(job, spec, process);
        }
    }

    // A job that was found lost a moment ago has stopped its batch, if that is what the batch wants.
    private async Task<Dictionary<long, LiveBatch>> BatchesOfAsync(IEnumerable<JobRecord> waiting)
    {
        long[] ids = [.. waiting.Select(job => job.BatchId).OfType<long>().Distinct()];
        return ids.Length == 0 ? [] : (await history.BatchesOfAsync(ids)).ToDictionary(batch => batch.Id, batch => new LiveBatch(batch));
    }

    /// <summary>What may be done while jobs are accepted already: looks for damage and for files that belong to nobody.</summary>
    /// <remarks>It blocks, for as long as reading the whole history takes.</remarks>
    public void LookThrough()
    {
        try
        {
            // Each time, not only after a crash: a damaged page may lie there for years before anybody reads it.
            if (history.LookThrough() && history.WasLeftOpen)
            {
                Log.HistorySound(log);
            }

            history.SweepFilesAsync(id => jobs.Find(id) is not null).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            Log.CheckFailed(log, e.Message);
        }
    }

    // The leader of a group is told from a stranger with its number by the boot and the moment of its start. Where the leader has
    // gone there is nothing to tell by, and nobody is killed on suspicion.
    private static bool IsAlive(JobRecord job) =>
        job is { Pid: { } pid, Process: { } process } && ProcessIdentities.Of(pid) == process;

    private async Task KillAsync(IReadOnlyList<JobRecord> alive)
    {
        foreach (JobRecord job in alive)
        {
            Log.KillingLost(log, job.Id, job.Pid!.Value);
            new Descendants(job.Pid.Value).KillOthers();
            _ = LibcProcess.SignalGroup(job.Pid.Value, SignalNames.SIGKILL);
        }

        // They are the init process's children now, so their ends cannot be waited for, only seen.
        long start = clock.GetTimestamp();
        foreach (JobRecord job in alive)
        {
            while (IsAlive(job) && !ProcessIdentities.IsZombie(job.Pid!.Value))
            {
                if (clock.GetElapsedTime(start) > Patience)
                {
                    Log.LostStaysAlive(log, job.Id, job.Pid.Value);
                    break;
                }

                await Task.Delay(Pause, clock);
            }
        }
    }
}
