using System.Text.RegularExpressions;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Processes;

/// <summary>What a process may use: set in the child and nowhere else, and where that is impossible there is no child.</summary>
public sealed partial class ResourceLimitsSpecs : IDisposable
{
    private const int EPERM = 1;
    private const int SIGXFSZ = 25;

    // More than .NET, which the child is, reserves of the address space, and of the file in memory for its own code.
    private const long Terabytes = 1L << 43;

    private readonly Reactor _reactor = new();
    private readonly Spawner _spawner;

    public ResourceLimitsSpecs() => _spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess());

    public void Dispose()
    {
        _spawner.Dispose();
        _reactor.Dispose();
    }

    [Fact]
    public async Task Each_limit_is_the_soft_and_the_hard_one_of_the_child()
    {
        IReadOnlyDictionary<string, string> limits = await LimitsOf(new ResourceLimits
        {
            CpuSeconds = 500,
            MemoryBytes = Terabytes,
            FileBytes = Terabytes,
            OpenFiles = 400,
            Processes = 3_000,
            CoreBytes = 0,
        });

        limits["Max cpu time"].Should().Be("500 501", "the kernel names the reason a second before it kills");
        limits["Max address space"].Should().Be($"{Terabytes} {Terabytes}");
        limits["Max file size"].Should().Be($"{Terabytes} {Terabytes}");
        limits["Max open files"].Should().Be("400 400");
        limits["Max processes"].Should().Be("3000 3000");
        limits["Max core file size"].Should().Be("0 0");
    }

    [Fact]
    public async Task What_is_not_limited_is_as_without_limits()
    {
        IReadOnlyDictionary<string, string> without = await LimitsOf(limits: null);
        IReadOnlyDictionary<string, string> with = await LimitsOf(new ResourceLimits { OpenFiles = 377 });

        with["Max open files"].Should().Be("377 377");
        with.Where(limit => limit.Key != "Max open files").Should().Equal(without.Where(limit => limit.Key != "Max open files"));
    }

    [Fact]
    public async Task The_signal_of_an_exceeded_limit_is_how_the_process_ended()
    {
        using var folder = new TempFolder();
        ProcessSpec spec = ProcessSpec.Shell(Specs.Bytes($"exec printf 12345 > '{folder["file"]}'")) with
        {
            Limits = new ResourceLimits { FileBytes = 4, CoreBytes = 0 },
        };

        using PipedProcess child = await _spawner.SpawnAsync(spec);
        await child.Exited.WaitAsync(Reading.Limit);

        child.TryReap()!.Value.Status.Signal.Should().Be(SIGXFSZ);
        new FileInfo(folder["file"]).Length.Should().BeLessThanOrEqualTo(4);
    }

    [Fact]
    public async Task A_limit_that_cannot_be_set_fails_the_start_and_is_named()
    {
        // Above fs.nr_open even root may not go.
        long impossible = long.Parse(await File.ReadAllTextAsync("/proc/sys/fs/nr_open"), System.Globalization.CultureInfo.InvariantCulture) + 1;
        ulong hard = LibcLimits.Hard(LimitedResource.Nofile)!.Value;

        Func<Task> spawn = () => _spawner.SpawnAsync(
            Specs.Program("/bin/true") with { Limits = new ResourceLimits { OpenFiles = impossible } });

        SpawnException failure = (await spawn.Should().ThrowAsync<SpawnException>()).Which;
        (failure.Step, failure.Errno).Should().Be((SpawnStep.LimitNofile, EPERM));
        failure.Message.Should().StartWith(
            $"setrlimit NOFILE to {impossible}, above the daemon's hard limit {hard}, for /bin/true: EPERM");
    }

    private async Task<IReadOnlyDictionary<string, string>> LimitsOf(ResourceLimits? limits)
    {
        using PipedProcess child = await _spawner.SpawnAsync(Specs.ChildProcess("limits") with { Limits = limits });
        child.Stdin.Dispose();
        string text = await child.Stdout.ReadToEnd();
        await child.Exited.WaitAsync(Reading.Limit);
        child.TryReap()!.Value.Status.Succeeded.Should().BeTrue();
        return Limit().Matches(text).ToDictionary(
            m => m.Groups["name"].Value.TrimEnd(), m => $"{m.Groups["soft"].Value} {m.Groups["hard"].Value}", StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^(?<name>Max [a-z ]+?)\s+(?<soft>\d+|unlimited)\s+(?<hard>\d+|unlimited)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Limit();
}
