using System.Diagnostics;

namespace Kuid.Faults.Tests.FailingCalls;

/// <summary>
/// The crash test of SQLite's manner: in a scenario of submissions and completions the Nth call fails, for N = 1, 2, ... until no call
/// failed any more. After each round the daemon lives or has ended with a code that says so; it is killed; the file is sound; and after
/// a plain start each acknowledged job is there once and none has run twice.
/// </summary>
/// <remarks>
/// <c>make test</c> takes one N for each call, by KUID_FUZZ_SEED; <c>make soak</c> all of them.
/// </remarks>
public sealed class FailingCallSpecs : IDisposable
{
    // The scenario makes fewer calls of each sort in one thread; a loop that gets here does not end by itself.
    private const int TooMany = 3000;

    private static readonly (string Calls, string Error)[] Failures =
    [
        ("pwrite64", "ENOSPC"),
        ("pwrite64", "EIO"),
        ("pread64", "EIO"),
        ("fdatasync,fsync", "EIO"),
        ("ftruncate,fallocate", "ENOSPC"),
        ("rename,renameat,renameat2,link,linkat", "EIO"),
        ("unlink,unlinkat", "EIO"),
        ("openat", "EMFILE"),
        ("write", "ENOSPC"),
        ("accept4", "EMFILE"),
        ("accept4", "ECONNABORTED"),
        ("recvfrom,recvmsg", "ECONNRESET"),
        ("sendto,sendmsg", "EPIPE"),
        ("socketpair,pipe2", "EMFILE"),
        ("clone,clone3,vfork,fork", "EAGAIN"),
        ("epoll_ctl", "ENOSPC"),
    ];

    private readonly TempFolder _folder = new();

    public static TheoryData<string, string> Calls => [.. Failures];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Row_28_when_the_Nth_call_fails_nothing_acknowledged_is_lost_and_nothing_runs_twice(string calls, string error)
    {
        FuzzPlan plan = FuzzPlan.Of(1);
        var dice = new Dice(plan.Seed, Array.IndexOf(Failures, (calls, error)));
        var scenario = new Scenario(_folder);
        for (long i = 0; i < plan.Count; i++)
        {
            await Round(scenario, calls, error, 1 + dice.Below(dice.OneIn(2) ? 4 : 12));
        }

        await using TestDaemon last = await TestDaemon.Start(folder: _folder);
        await scenario.IsKept(last, $"{calls} {error}, {plan}");
    }

    [Theory]
    [Trait("Length", "Soak")]
    [MemberData(nameof(Calls))]
    public async Task Row_28_each_call_fails_in_its_turn_until_none_is_left_to_fail(string calls, string error)
    {
        Assert.SkipUnless(Soak.IsAsked, Soak.Reason);
        var scenario = new Scenario(_folder);
        long start = Stopwatch.GetTimestamp();
        int n = 1;
        while (await Round(scenario, calls, error, n) > 0)
        {
            n.Should().BeLessThan(TooMany);
            n++;
        }

        await using TestDaemon last = await TestDaemon.Start(folder: _folder);
        await scenario.IsKept(last, $"{calls} {error}, N up to {n}");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{calls} {error}: {n} rounds, {scenario.Acknowledged} acknowledged jobs, {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
    }

    // How many calls failed; none is the end of the loop.
    private async Task<int> Round(Scenario scenario, string calls, string error, int n)
    {
        string round = $"{calls} {error}, N = {n}";
        Assert.SkipUnless(ToolRun.Exists("strace"), "strace is not on PATH");
        await using TestDaemon daemon = await TestDaemon.Start(folder: _folder);
        await scenario.IsKept(daemon, round);
        int injected;
        await using (FailingCall failing = await FailingCall.Attach(daemon.Pid, calls, error, $"{n}", _folder["notes"]))
        {
            await scenario.Run(daemon);
            await failing.Detach();
            injected = failing.Injected;
        }

        if (ProcessTable.IsAlive(daemon.Pid))
        {
            (await daemon.Answers(TimeSpan.FromSeconds(30))).Should().BeTrue("the calls work again; {0}; {1}", round, daemon.Log);
            await daemon.Kill();
        }
        else
        {
            // 134 is the runtime's: it ends the process with "Out of memory." where the kernel gives it no thread.
            int code = await daemon.WaitForExit();
            code.Should().BeOneOf([111, 134], "that says what happened; {0}; {1}", round, daemon.Log);
            daemon.Log.Contains("Out of memory.", StringComparison.Ordinal).Should().Be(code == 134, "{0}; {1}", round, daemon.Log);
        }

        await scenario.IsSound(round);
        return injected;
    }
}
