using System.Globalization;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Processes.Direct;

/// <summary>Jobs of the shell that have no shell: nobody sees it in what they write and how they end.</summary>
public sealed class DirectExecutionSpecs : IDisposable
{
    private readonly CommandGenerator _commands = new();

    public void Dispose() => _commands.Dispose();

    /// <remarks>KUID_SHELL_COMMANDS says how many, 400 unless set; KUID_SHELL_SEED repeats the same ones.</remarks>
    [Fact]
    public async Task Generated_commands_write_and_end_as_under_the_shell()
    {
        int count = Number("KUID_SHELL_COMMANDS", 400);
        int seed = Number("KUID_SHELL_SEED", 20_261);
        await using Engine shell = NewEngine(direct: false);
        await using Engine daemon = NewEngine(direct: true);
        var differences = new List<string>();
        int direct = 0;
        for (int i = 0; i < count && differences.Count < 10; i++)
        {
            string command = CommandGenerator.Next(new Dice((ulong)seed, i));
            JobSpec spec = Spec(command);

            // The first time a shell is asked about a name, and executed meanwhile.
            await daemon.Learns(spec);
            direct += daemon.Direct!.InsteadOf(spec.Process!) is null ? 0 : 1;
            (string expected, string actual) = (await Told(shell, spec), await Told(daemon, spec));
            if (actual != expected)
            {
                differences.Add($"command {i}, {command}\n  under the shell: {expected}\n  without it: {actual}");
            }
        }

        differences.Should().BeEmpty();
        direct.Should().BeGreaterThan(count / 10, "otherwise nothing is compared");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{count} commands, {direct} of them without a shell, KUID_SHELL_SEED={seed}"));
    }

    [Theory]
    [InlineData("words a 'b c'")]
    [InlineData("both")]
    [InlineData("twice 4")]
    [InlineData("true")]
    [InlineData("false")]
    [InlineData("segv")]
    [InlineData("kill9")]
    [InlineData("term")]
    [InlineData("badshebang")]
    [InlineData("noshebang x")]
    [InlineData("./folder")]
    [InlineData("./missing a")]
    public async Task A_simple_command_writes_and_ends_as_under_the_shell(string command)
    {
        await using Engine shell = NewEngine(direct: false);
        await using Engine daemon = NewEngine(direct: true);
        JobSpec spec = Spec(command);

        await daemon.Learns(spec);

        (await Told(daemon, spec)).Should().Be(await Told(shell, spec));
    }

    [Fact]
    public async Task The_process_of_the_job_is_the_program_itself()
    {
        await using Engine daemon = NewEngine(direct: true);
        JobSpec spec = Spec("sleep 600");
        await daemon.Learns(spec);

        Job job = daemon.Submit(spec);

        await Eventually.Holds(() => job.Pid is not null, "it runs");
        (await File.ReadAllTextAsync($"/proc/{job.Pid}/cmdline", TestContext.Current.CancellationToken)).Should().Be("sleep\0600\0");
        job.RequestEnd(JobReason.Canceled);
        (await job.Ended).Status!.Value.Signal.Should().Be(15, "what the daemon ends is ended by its signal");
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public async Task A_signal_of_the_daemons_ends_it_as_it_would_have_ended_the_shell(int signal)
    {
        await using Engine daemon = NewEngine(direct: true);
        JobSpec spec = Spec("sleep 600");
        await daemon.Learns(spec);
        Job job = daemon.Submit(spec);
        await Eventually.Holds(() => job.Pid is not null, "it runs");

        job.Signal(signal).Should().BeTrue();

        (await job.Ended).Status!.Value.Raw.Should().Be(signal);
        job.Text(OutputStream.Stderr).Should().BeEmpty();
    }

    [Fact]
    public async Task A_program_that_comes_earlier_on_the_path_is_found_at_once()
    {
        await using Engine daemon = NewEngine(direct: true);
        JobSpec spec = Spec("basename /a/b");
        await daemon.Learns(spec);
        (await Told(daemon, spec)).Should().StartWith("b\n");

        File.Copy(Path.Combine(_commands.Folder, "words"), Path.Combine(_commands.Folder, "basename"));

        (await Told(daemon, spec)).Should().StartWith("<").And.Contain("</a/b>");
    }

    [Theory]
    [InlineData("ps")]
    [InlineData("setsid true")]
    [InlineData("/usr/bin/pgrep x")]
    [InlineData("echo a")]
    [InlineData("kill -0 1")]
    [InlineData("true a")]
    [InlineData("missing")]
    public async Task What_would_see_the_difference_is_left_to_the_shell(string command)
    {
        await using Engine daemon = NewEngine(direct: true);
        JobSpec spec = Spec(command);

        await daemon.Learns(spec);

        daemon.Direct!.InsteadOf(spec.Process!).Should().BeNull();
    }

    [Fact]
    public async Task A_shell_that_would_take_functions_from_its_environment_is_executed()
    {
        await using var daemon = new Engine(inherited: new InheritedEnvironment([.. _commands.Environment, "BASH_FUNC_words%%=() { echo mine; }"u8.ToArray()], null), direct: true);
        JobSpec spec = Spec("words");

        await daemon.Learns(spec);

        daemon.Direct!.InsteadOf(spec.Process!).Should().BeNull();
    }

    private Engine NewEngine(bool direct) => new(inherited: new InheritedEnvironment(_commands.Environment, null), direct: direct);

    // The same array each time: environments and folders are told apart by being the same.
    private JobSpec Spec(string command) => Specs.Of(ProcessSpec.Shell(Specs.Bytes(command)) with { WorkingDirectory = _directory ??= Specs.Bytes(_commands.Folder) });

    private byte[]? _directory;

    private static async Task<string> Told(Engine engine, JobSpec spec)
    {
        // Twenty thousand are not kept until the end.
        using Job job = engine.Service.Submit(spec);
        JobResult result = await job.Ended.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        return $"{job.Text(OutputStream.Stdout)}|{job.Text(OutputStream.Stderr)}|{result.Status?.Raw}|{result.Reason}";
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
