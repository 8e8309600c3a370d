using System.Globalization;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs.Waiting;

/// <summary>Takes a list of jobs through the engine, stage by stage, and compares each end with the model's.</summary>
internal sealed class PlanRun(Engine engine, IReadOnlyList<PlannedJob> jobs, TimeSpan limit)
{
    private const int BatchSize = 100;

    // What no job has been given for as long as the test runs.
    private const long NoJob = long.MaxValue / 2;

    private readonly long[] _ids = new long[jobs.Count];

    internal Expectation[] Expected { get; } = WaitingModel.Of(jobs);

    internal IReadOnlyList<long> Ids => _ids;

    /// <summary>Submits all of them to queues that are paused.</summary>
    internal async Task SubmitAsync(Func<PlannedJob, JobSpec> specOf)
    {
        foreach ((string queue, int concurrency) in PlannedJob.Queues)
        {
            await engine.Service.Queues.PutAsync(queue, concurrency, paused: true);
        }

        DateTime now = engine.Clock.GetUtcNow().UtcDateTime;
        for (int at = 0; at < jobs.Count;)
        {
            int end = at;
            while (end < jobs.Count && end - at < BatchSize && jobs[end].Policy != KeyPolicy.Skip)
            {
                end++;
            }

            // Ids ahead, because those of a batch name each other. One that may be refused comes alone.
            end = Math.Max(end, at + 1);
            long first = engine.History.NextIds(end - at);
            for (int i = at; i < end; i++)
            {
                _ids[i] = first + i - at;
            }

            JobSpec[] specs = [.. Enumerable.Range(at, end - at).Select(i => SpecOf(i, specOf(jobs[i]), now))];
            try
            {
                await engine.Service.AcceptAllAsync(specs, batch: null, key: null, first);
                Expected[at].IsTaken.Should().BeTrue("job {0} has no other in its way", at);
            }
            catch (KeyTakenException)
            {
                Expected[at].IsTaken.Should().BeFalse("job {0} has another in its way", at);
            }

            at = end;
        }
    }

    internal async Task CancelAsync()
    {
        foreach ((int i, PlannedJob job) in jobs.Index().Where(job => job.Item.Cancel && Expected[job.Index].IsTaken))
        {
            await engine.Service.CancelAsync(_ids[i], "uid:0");
        }
    }

    internal async Task ResumeAsync()
    {
        foreach (string queue in PlannedJob.Queues.Keys)
        {
            await engine.Service.Queues.ResumeAsync(queue);
        }
    }

    /// <summary>Waits until all are over and recorded.</summary>
    /// <param name="step">What is done before each look.</param>
    internal Task EndAsync(Action step) => Eventually.Holds(
        () =>
        {
            step();
            return _ids.All(id => engine.Service.Find(id) is null);
        },
        () => string.Join('\n', engine.Service.Live.Take(5).Select(job => $"{job.Id} {job.Standing}")) + $"\n{engine.Service.Queues.Find("many")}",
        limit);

    /// <summary>Compares what is recorded with what was expected.</summary>
    internal async Task CompareAsync(bool countsOutput)
    {
        for (int i = 0; i < jobs.Count; i++)
        {
            JobRecord? job = await engine.History.FindAsync(_ids[i]);
            (job is not null).Should().Be(Expected[i].IsTaken, "job {0}: {1}", i, jobs[i]);
            if (job is null)
            {
                continue;
            }

            string about = $"job {i} ({job.Id}): {jobs[i]}, {job.Detail}";
            Expected[i].Ends.Should().Contain((job.State, job.Reason!.Value), about);
            (job.StartedAt is null ? 0 : job.Attempt).Should().Be(Expected[i].Attempts, about);
            if (countsOutput)
            {
                (job.StdoutBytes, job.AttemptStdoutOffset).Should().Be((Expected[i].Attempts, Math.Max(0, Expected[i].Attempts - 1)), about);
            }
        }
    }

    private JobSpec SpecOf(int index, JobSpec spec, DateTime now)
    {
        PlannedJob job = jobs[index];
        return spec with
        {
            Name = index.ToString(CultureInfo.InvariantCulture),
            Queue = job.Queue,
            Priority = job.Priority,
            After = [.. WaitingModel.Before(index, job).Select(place => place is { } at ? _ids[at] : NoJob)],
            AfterMode = job.Mode,
            Key = job.Key,
            KeyPolicy = job.Policy,
            MaxAttempts = job.MaxAttempts,
            RetryBackoff = job.Delay is null ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromSeconds(20),
            NotBefore = job.Delay is { } delay ? now + delay : null,
            ExpiresIn = job.Expires ? PlannedJob.Soon : TimeSpan.FromDays(300),
        };
    }
}
