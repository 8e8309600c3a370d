using System.Diagnostics;
using System.Globalization;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Faults.Tests.Crash;

/// <summary>
/// The daemon is killed again and again under the load of both doors, at any moment: while it starts, while it takes over from the one
/// before, and up to half a second after. KUID_CRASH_ROUNDS says how often, 10 unless set; KUID_CRASH_SEED repeats the same moments.
/// </summary>
[Collection(nameof(Alone))]
public sealed class KillRoundSpecs : IDisposable
{
    private const int MostAfterReady = 500;
    private const int MostAfterLaunch = 1000;
    private const int MostAcknowledged = 40;

    // Hundreds of rounds are run beside other things.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly TempFolder _folder = new();
    private readonly TempFolder _scratch = new();
    private readonly CrashLedger _ledger;
    private Dictionary<long, JobTrace> _before = [];

    public KillRoundSpecs() => _ledger = new CrashLedger(_folder);

    public void Dispose()
    {
        _folder.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Row_2_Every_acknowledged_job_is_known_once_after_each_kill_and_none_runs_twice()
    {
        int rounds = Number("KUID_CRASH_ROUNDS", 10);
        int seed = Number("KUID_CRASH_SEED", 20_261);
        var dice = new Dice((ulong)seed, round: 0);
        var time = Stopwatch.StartNew();
        for (int round = 0; round < rounds; round++)
        {
            await KillOnce(round, dice, (ulong)seed);
            Compare(round);
        }

        await using (HttpDaemon last = await HttpDaemon.Start(["--concurrency", "8"], folder: _folder))
        {
            await JobsAgree(last);
            Alive(last.Daemon).Should().BeEmpty("all jobs have ended");
            await last.Daemon.Stop();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} rounds, {_ledger.Acknowledged.Count} acknowledged jobs, {_ledger.Replied.Count} replies, {_before.Count} rows, {_ledger.EndsForgotten} ends seen before they were on disk, {time.Elapsed.TotalSeconds:F0} s, KUID_CRASH_SEED={seed}"));
        _ledger.Acknowledged.Should().NotBeEmpty();
    }

    private async Task KillOnce(int round, Dice dice, ulong seed)
    {
        await using TestDaemon daemon = await TestDaemon.Launch(["--concurrency", "8"], folder: _folder);
        await using var load = new CrashLoad(daemon, _ledger, round, seed);
        int moment = dice.Below(3);
        if (moment == 0)
        {
            await Task.Delay(dice.Below(MostAfterLaunch), TestContext.Current.CancellationToken);
        }
        else
        {
            await daemon.Ready(Patience);
            load.Ready();
            NoneOfTheLostIsAlive(daemon, round);
            if (moment == 1)
            {
                // On a slow machine no client may have come that far by a given time.
                int atLeast = _ledger.Acknowledged.Count + 1 + dice.Below(MostAcknowledged);
                await Eventually.Holds(() => _ledger.Acknowledged.Count >= atLeast || !_ledger.Faults.IsEmpty, "the load is under way", Patience);
            }

            await Task.Delay(dice.Below(MostAfterReady), TestContext.Current.CancellationToken);
        }

        await load.KillAsync();
        _ledger.Faults.Should().BeEmpty("in round {0}, whose log ends\n{1}", round, Tail(daemon.Log));
    }

    // Which state comes after which is the whole of recovery: what has ended stays as it was, lost is only what ran.
    private void Compare(int round)
    {
        Dictionary<long, JobTrace> now = HistoryCopy.Read(_folder["data/history.db"], _scratch.Path);
        foreach ((long id, string name) in _ledger.Acknowledged)
        {
            now.GetValueOrDefault(id)?.Name.Should().Be(name, "job {0} was acknowledged before the kill of round {1}", id, round);
            now.Should().ContainKey(id, "it was acknowledged before the kill of round {0}", round);
        }

        now.Values.Where(job => job.Name.Length > 0).Select(job => job.Name).Should().OnlyHaveUniqueItems("a submission makes one job");
        foreach (JobTrace was in _before.Values)
        {
            JobTrace? job = now.GetValueOrDefault(was.Id);
            job.Should().NotBeNull("job {0} was there before round {1}", was.Id, round);
            if (was.IsOver)
            {
                job!.State.Should().Be(was.State, "job {0} had ended before round {1}", was.Id, round);
            }
        }

        foreach (JobTrace lost in now.Values.Where(job => job.State == JobState.Lost))
        {
            _before.GetValueOrDefault(lost.Id)?.State.Should().BeOneOf([JobState.Running, JobState.Canceling, JobState.Lost], "lost is only what ran, in round {0}", round);
            _before.Should().ContainKey(lost.Id, "what the daemon of round {0} has taken itself it has not lost", round);
        }

        _ledger.Compare(now);
        _before = now;
    }

    private async Task JobsAgree(HttpDaemon last)
    {
        foreach (long id in _ledger.Acknowledged.Keys)
        {
            _ledger.Saw(await last.Client.Ended(id));
        }

        // A submission whose acknowledgement the last kill has cut off may be on disk, and runs.
        foreach (JobTrace job in HistoryCopy.Read(_folder["data/history.db"], _scratch.Path).Values.Where(job => !job.IsOver))
        {
            await last.Client.Ended(job.Id);
        }

        _ledger.Faults.Should().BeEmpty();
        (await last.Client.GetAsync("/v1/jobs?limit=1")).EnsureSuccessStatusCode();
        Dictionary<long, JobTrace> now = HistoryCopy.Read(_folder["data/history.db"], _scratch.Path);
        Dictionary<string, int> runs = _ledger.Runs();
        runs.Where(run => run.Value > 1).Should().BeEmpty("no job runs twice");
        foreach ((long id, string name) in _ledger.Acknowledged)
        {
            JobState state = now[id].State;
            bool ran = runs.ContainsKey(name);
            state.Should().BeOneOf(
                _ledger.Canceled.ContainsKey(name) ? [JobState.Succeeded, JobState.Lost, JobState.Canceled] : new[] { JobState.Succeeded, JobState.Lost }, "of job {0}", name);
            (state != JobState.Succeeded || ran).Should().BeTrue("job {0} is said to have succeeded", name);
        }

        _ledger.Replied.Should().OnlyContain(name => runs.ContainsKey(name), "who has a reply has had a job");
    }

    // What ran is killed before anything new is accepted; what waited has been started by this daemon.
    private void NoneOfTheLostIsAlive(TestDaemon daemon, int round)
    {
        HashSet<string> waited = [.. _before.Values.Where(job => job.State is JobState.Queued or JobState.Scheduled).Select(job => job.Name)];
        Alive(daemon).Where(name => !waited.Contains(name) && !name.StartsWith($"r{round}c", StringComparison.Ordinal))
            .Should().BeEmpty("the jobs of the daemon before round {0} are gone", round);
    }

    // The names of the jobs whose shells run: each is the last word of its command line. What has become a sleep(1) since is none.
    private string[] Alive(TestDaemon daemon) =>
    [
        .. ProcessTable.WithCommandLine(_folder["ran"]).Where(pid => pid != daemon.Pid).Select(ProcessTable.CommandLine)
            .Where(command => command.Contains(_folder["ran"], StringComparison.Ordinal)).Select(command => command.TrimEnd().Split(' ')[^1]),
    ];

    private static string Tail(string log) => log.Length > 3000 ? log[^3000..] : log;

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
}
