using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Processes;

[Collection(nameof(Alone))]
public sealed class ChildProcessSpecs : IDisposable
{
    private const int ECHILD = 10;

    private readonly Reactor _reactor = new();
    private readonly Spawner _spawner;

    public ChildProcessSpecs() => _spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess());

    public void Dispose()
    {
        _spawner.Dispose();
        _reactor.Dispose();
    }

    [Fact]
    public async Task Five_hundred_spawns_at_once_leave_no_descriptor_and_no_zombie()
    {
        await RunOne("0");
        IReadOnlyDictionary<string, int> before = OwnDescriptors.Count();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => RunOne($"{i % 100}")));

        await OwnDescriptors.AreBackAt(before);
        await Eventually.Holds(() => ProcessTable.Children(Environment.ProcessId).Count == 0, "no child is left");
        _reactor.Count.Should().Be(0);
    }

    [Fact]
    public async Task A_process_that_runs_cannot_be_reaped_and_one_that_was_reaped_not_again()
    {
        using PipedProcess child = await _spawner.SpawnAsync(Specs.Program("/bin/cat"));
        Action reap = () => child.TryReap();

        child.TryReap().Should().BeNull();
        child.Stdin.Dispose();
        await child.Exited.WaitAsync(Reading.Limit);
        child.TryReap()!.Value.Status.Succeeded.Should().BeTrue();
        reap.Should().Throw<NativeException>().Which.Errno.Should().Be(ECHILD);
    }

    [Fact]
    public async Task Row_55_signalling_a_process_that_was_reaped_reaches_nobody_and_is_no_error()
    {
        // It leaves a process of its group behind, which a signal to the group's number would still reach.
        ProcessSpec child = Specs.ChildProcess("ignore-term");
        ProcessSpec shell = ProcessSpec.Shell([.. child.Program, .. " ignore-term 2> /dev/null & echo $!"u8]);
        using PipedProcess leader = await _spawner.SpawnAsync(shell with { Environment = child.Environment, ClearEnvironment = true });
        int left = int.Parse(await leader.Stdout.ReadLine(), System.Globalization.CultureInfo.InvariantCulture);
        (await leader.Stdout.ReadLine()).Should().Be("ready");
        await leader.Exited.WaitAsync(Reading.Limit);
        leader.TryReap();

        leader.SignalGroup(SignalNames.SIGKILL);
        leader.Signal(SignalNames.SIGKILL);

        // A process with a SIGKILL on its way answers no other signal.
        (await ToolRun.Of("kill", ["-TERM", $"{left}"])).ExitCode.Should().Be(0);
        (await leader.Stdout.ReadLine()).Should().Be("TERM");
        await ToolRun.Of("kill", ["-KILL", $"{left}"]);
        (await leader.Stdout.ReadToEnd()).Should().BeEmpty();
    }

    [Fact]
    public async Task Until_it_is_reaped_a_signal_to_the_group_reaches_its_descendants()
    {
        using PipedProcess child = await _spawner.SpawnAsync(ProcessSpec.Shell("sleep 300 > /dev/null 2>&1 & echo $!"u8.ToArray()));
        int left = int.Parse(await child.Stdout.ReadToEnd(), System.Globalization.CultureInfo.InvariantCulture);
        await child.Exited.WaitAsync(Reading.Limit);

        child.SignalGroup(SignalNames.SIGKILL);

        await Eventually.Holds(() => !ProcessTable.IsAlive(left), "the descendant is killed");
        child.TryReap()!.Value.Status.Succeeded.Should().BeTrue("the leader had exited before");
    }

    [Fact]
    public async Task What_it_used_is_measured()
    {
        using PipedProcess child = await _spawner.SpawnAsync(ProcessSpec.Shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"u8.ToArray()));
        await child.Exited.WaitAsync(Reading.Limit);

        ResourceUsage usage = child.TryReap()!.Value.Usage;

        (usage.User + usage.System).Should().BePositive().And.BeLessThan(Reading.Limit);
        usage.MaxRssBytes.Should().BeGreaterThan(100_000);
    }

    [Fact]
    public async Task A_spawner_that_is_disposed_carries_out_the_orders_it_has()
    {
        var spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess());
        Task<PipedProcess>[] orders = [.. Enumerable.Range(0, 20).Select(_ => spawner.SpawnAsync(Specs.Program("/bin/true")))];

        spawner.Dispose();

        foreach (Task<PipedProcess> order in orders)
        {
            using PipedProcess child = await order.WaitAsync(Reading.Limit);
            await child.Exited.WaitAsync(Reading.Limit);
            child.TryReap();
        }
    }

    private async Task RunOne(string code)
    {
        using PipedProcess child = await _spawner.SpawnAsync(ProcessSpec.Shell(Specs.Bytes($"exit {code}")));
        await child.Exited.WaitAsync(Reading.Limit);
        child.TryReap()!.Value.Status.ToString().Should().Be($"exit {code}");
    }
}
