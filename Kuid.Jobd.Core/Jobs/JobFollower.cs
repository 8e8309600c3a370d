using System.Runtime.CompilerServices;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// One job from a position to its end, while it runs and after: how it is, what it writes in the order in which it came, how
/// it ended. Nothing is told twice, and of the output nothing is left out without saying so.
/// </summary>
/// <remarks>
/// <para>
/// A running job is attached to: what this follower has not had is not dropped, the job waits instead, and the position moves on
/// only when the next event is asked for, so a follower that is slow in passing on what it got slows the job down too.
/// Between two followings of the same job nobody is waited for: what was dropped meanwhile is a chunk's
/// <see cref="OutputChunk.Skipped"/>.
/// </para>
/// <para>
/// A position can lie behind the output of a job that began to write anew, because the daemon died while it ran and what was
/// written before is lost. Then everything there is comes from its beginning.
/// </para>
/// </remarks>
public sealed class JobFollower : IDisposable
{
    private readonly Job? _live;
    private readonly JobRecord _record;
    private readonly OutputReading _reading;

    private JobFollower(Job? live, JobRecord record, OutputReading reading)
    {
        _live = live;
        _record = record;
        _reading = reading;
    }

    /// <summary>The job as of now.</summary>
    public JobRecord Job => _live?.Snapshot() ?? _record;

    /// <summary>Takes hold of a job and what it wrote.</summary>
    /// <returns>Null when there is no such job; the caller disposes it.</returns>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public static async Task<JobFollower?> OpenAsync(JobService jobs, long id)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        Job? live = jobs.Find(id);
        return await jobs.ReadOutputAsync(id) is { } reading && await jobs.GetAsync(id) is { } record
            ? new JobFollower(live, record, reading)
            : null;
    }

    /// <summary>Whether somebody who followed this job can have been there.</summary>
    public bool MayHaveHad(OutputPosition position) => Job is var job && (MayHaveBegunAnew(job) || IsWithin(position, job));

    /// <summary>Everything from a position on; the last is <see cref="JobEnded"/>, unless the daemon leaves the job to its next start.</summary>
    public async IAsyncEnumerable<JobNews> FollowAsync(JobPosition from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        long version = from.Version;
        OutputPosition position = IsWithin(from.Output, Job) ? from.Output : default;
        if (_reading.Log is { } log)
        {
            using AttachedReader reader = log.Attach(position);
            using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await using IAsyncEnumerator<OutputChunk> chunks = log.FollowAsync(position, abandoned.Token).GetAsyncEnumerator(abandoned.Token);
            Task<bool> more = chunks.MoveNextAsync().AsTask();
            try
            {
                while (true)
                {
                    // Asked for before the job is looked at: a change in between is seen.
                    Task changed = _live?.Changed() ?? Task.CompletedTask;
                    JobRecord now = Job;
                    if (!now.HasEnded && now.Version != version)
                    {
                        version = now.Version;
                        yield return new JobChanged(now, new JobPosition(version, position));
                    }
                    else if (!more.IsCompleted)
                    {
                        await (now.HasEnded || _live is null ? (Task)more : Task.WhenAny(more, changed));
                    }
                    else if (await more)
                    {
                        position = chunks.Current.Next;
                        yield return new JobWrote(chunks.Current, new JobPosition(version, position));
                        reader.MoveTo(position);
                        more = chunks.MoveNextAsync().AsTask();
                    }
                    else
                    {
                        break;
                    }
                }
            }
            finally
            {
                // An enumerator must not be disposed while it is asked for the next.
                await abandoned.CancelAsync();
                await ((Task)more).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (Job is { HasEnded: true } ended)
        {
            yield return new JobEnded(ended, new JobPosition(ended.Version, position));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    // Of these a daemon before this one may have had more than there is now.
    private static bool MayHaveBegunAnew(JobRecord job) => job.State == JobState.Lost || job.Attempt > 1;

    private static bool IsWithin(OutputPosition position, JobRecord job) =>
        position.Stdout <= job.StdoutBytes && position.Stderr <= job.StderrBytes;
}
