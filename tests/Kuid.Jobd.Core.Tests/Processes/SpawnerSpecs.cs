using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Processes;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Processes;

/// <summary>What a child finds when it starts. What the tests compare with is what this process itself has.</summary>
public sealed class SpawnerSpecs : IDisposable
{
    private readonly Reactor _reactor = new();
    private readonly Spawner _spawner;

    public SpawnerSpecs() => _spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess() with { NofileSoft = 777 });

    public void Dispose()
    {
        _spawner.Dispose();
        _reactor.Dispose();
    }

    [Fact]
    public async Task Row_48_a_child_has_its_three_pipes_open_and_nothing_else()
    {
        Task<string>[] listings = [.. Enumerable.Range(0, 100).Select(_ => Stdout(Specs.Program("/bin/ls", "-l", "/proc/self/fd")))];

        foreach (string listing in await Task.WhenAll(listings))
        {
            string[] links = [.. listing.Split('\n').Where(line => line.Contains(" -> ", StringComparison.Ordinal))
                .Select(line => line[(line.LastIndexOf(' ', line.IndexOf(" -> ", StringComparison.Ordinal) - 1) + 1)..])];
            links.Take(3).Should().OnlyContain(link => link.Contains("-> pipe:[", StringComparison.Ordinal));
            links.Select(link => link[..1]).Take(4).Should().Equal("0", "1", "2", "3");
            links.Should().HaveCount(4, "the fourth is ls's own");
            links[3].Should().Contain("/fd");
        }
    }

    [Fact]
    public async Task Row_48_a_cat_sees_the_end_of_its_input_while_other_children_are_being_started()
    {
        using var over = new CancellationTokenSource();
        Task noise = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await Stdout(Specs.Program("/bin/sleep", "0.05"));
            }
        });
        for (int i = 0; i < 50; i++)
        {
            using PipedProcess cat = await _spawner.SpawnAsync(Specs.Program("/bin/cat"));
            await cat.Stdin.WriteAsync("x"u8.ToArray());
            cat.Stdin.Dispose();
            (await cat.Stdout.ReadToEnd()).Should().Be("x");
            await cat.Exited.WaitAsync(Reading.Limit);
            cat.TryReap();
        }

        await over.CancelAsync();
        await noise;
    }

    [Fact]
    public async Task Row_49_no_signal_is_blocked_or_ignored_in_a_child()
    {
        string status = await Stdout(Specs.Program("/bin/cat", "/proc/self/status"));

        foreach (string set in new[] { "SigBlk", "SigIgn", "SigCgt" })
        {
            status.Should().Contain($"\n{set}:\t0000000000000000\n");
        }

        File.ReadAllText("/proc/self/status").Should().MatchRegex("SigIgn:\t0*[1-9a-f]", "the daemon's runtime itself ignores one");
    }

    [Fact]
    public async Task Row_49_a_writer_whose_reader_has_gone_dies_of_SIGPIPE_without_a_word()
    {
        using PipedProcess child = await _spawner.SpawnAsync(ProcessSpec.Shell("yes | head -1"u8.ToArray()));

        (await child.Stdout.ReadToEnd()).Should().Be("y\n");
        (await child.Stderr.ReadToEnd()).Should().BeEmpty();
        await child.Exited.WaitAsync(Reading.Limit);
        child.TryReap();
    }

    [Fact]
    public async Task Row_50_a_child_has_the_inherited_soft_limit_on_open_files_and_the_hard_one_of_the_daemon()
    {
        string hard = File.ReadAllLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];

        (await Stdout(Shell("ulimit -Sn; ulimit -Hn"))).Should().Be($"777\n{hard}\n");
    }

    [Fact]
    public async Task Row_50_a_limit_above_the_hard_one_becomes_the_hard_one()
    {
        using var spawner = new Spawner(_reactor, InheritedEnvironment.OfThisProcess() with { NofileSoft = ulong.MaxValue - 1 });
        string[] limits = (await Stdout(Shell("ulimit -Sn; ulimit -Hn"), spawner)).Split('\n');

        limits[0].Should().Be(limits[1]);
    }

    [Fact]
    public async Task Row_51_a_child_gets_the_inherited_environment_byte_for_byte()
    {
        byte[][] variables = [Specs.Bytes("PATH=/usr/bin:/bin"), [.. "ODD="u8, 0xff, 0xc3, 0x80], Specs.Bytes("A=b=c")];
        using var spawner = new Spawner(_reactor, new InheritedEnvironment(variables, NofileSoft: null));

        string environment = await Stdout(Specs.Program("env", "-0"), spawner);

        environment.Should().Be("PATH=/usr/bin:/bin\0ODD=\u00ff\u00c3\u0080\0A=b=c\0");
    }

    [Fact]
    public async Task Variables_of_its_own_are_set_on_top_of_the_inherited_ones()
    {
        var spec = new ProcessSpec("/bin/sh"u8.ToArray(), ["sh"u8.ToArray(), "-c"u8.ToArray(), "echo $HOME $PATHS $NEW; env | grep -c ^HOME="u8.ToArray()])
        {
            Environment = ["HOME=/mine"u8.ToArray(), "NEW=1"u8.ToArray()],
        };

        (await Stdout(spec)).Should().Be("/mine 1\n1\n");
    }

    [Fact]
    public async Task Row_51_an_environment_of_its_own_replaces_the_inherited_one_wholly()
    {
        var spec = new ProcessSpec("/usr/bin/env"u8.ToArray(), ["env"u8.ToArray()]) { Environment = ["ONLY=this"u8.ToArray()], ClearEnvironment = true };

        (await Stdout(spec)).Should().Be("ONLY=this\n");
    }

    [Fact]
    public async Task Row_52_a_child_leads_a_session_and_a_group_of_its_own_and_has_the_daemons_umask_and_niceness()
    {
        string stat = await Stdout(Shell("read -r pid comm state ppid group session rest < /proc/$$/stat; echo $$ $ppid $group $session"));
        string[] ids = stat.Trim().Split(' ');
        ids[1].Should().Be(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (ids[2], ids[3]).Should().Be((ids[0], ids[0]));

        string[] own = [.. File.ReadAllLines("/proc/self/status").Where(line => line.StartsWith("Umask", StringComparison.Ordinal))];
        (await Stdout(Specs.Program("/bin/grep", "Umask", "/proc/self/status"))).Trim().Should().Be(own.Single());
        (await Stdout(Specs.Program("/usr/bin/nice"))).Should().Be((await ToolRun.Of("nice", [])).Text);
        (await Stdout(Specs.Program("/bin/cat", "/proc/self/oom_score_adj"))).Should().Be(File.ReadAllText("/proc/self/oom_score_adj"));
        (await Stdout(Specs.Program("/bin/cat", "/proc/self/cgroup"))).Should().Be(File.ReadAllText("/proc/self/cgroup"));
    }

    [Fact]
    public async Task Row_52_a_child_starts_in_the_daemons_directory_or_in_the_one_it_is_given()
    {
        using var folder = new TempFolder();
        string odd = Directory.CreateDirectory(folder["a b\u00e9"]).FullName;

        (await Stdout(Specs.Program("/bin/pwd"))).Trim().Should().Be(Environment.CurrentDirectory);
        string there = await Stdout(Specs.Program("/bin/pwd") with { WorkingDirectory = Specs.Bytes(odd) });
        Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(there)).Trim().Should().Be(odd);
    }

    [Fact]
    public async Task A_program_without_a_slash_is_found_on_the_path_of_its_own_environment()
    {
        using var folder = new TempFolder();
        foreach (string name in new[] { "first", "second" })
        {
            Directory.CreateDirectory(folder[name]);
            await File.WriteAllTextAsync(Path.Combine(folder[name], "tool"), $"#!/bin/sh\necho {name} $0 $1\n");
        }

        // The first one cannot be executed, and the search goes on as execvp's does.
        string second = Path.Combine(folder["second"], "tool");
        File.SetUnixFileMode(second, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        byte[] path = Specs.Bytes($"PATH={folder["missing"]}:{folder["first"]}:{folder["second"]}");

        var spec = new ProcessSpec("tool"u8.ToArray(), ["other"u8.ToArray(), "x"u8.ToArray()]) { Environment = [path] };

        (await Stdout(spec)).Should().Be($"second {second} x\n");
    }

    [Fact]
    public async Task Arguments_arrive_as_the_bytes_they_are()
    {
        byte[] odd = [0xff, (byte)' ', (byte)'"', (byte)'\n', 0x80];

        string output = await Stdout(new ProcessSpec("/usr/bin/printf"u8.ToArray(), ["printf"u8.ToArray(), "%s|"u8.ToArray(), odd, [], odd]));

        output.Should().Be("\u00ff \"\n\u0080||\u00ff \"\n\u0080|");
    }

    private static ProcessSpec Shell(string command) => ProcessSpec.Shell(Specs.Bytes(command));

    /// <summary>What it writes, a character a byte, once it has exited with 0.</summary>
    private async Task<string> Stdout(ProcessSpec spec, Spawner? spawner = null)
    {
        using PipedProcess child = await (spawner ?? _spawner).SpawnAsync(spec);
        child.Stdin.Dispose();
        string output = await child.Stdout.ReadToEnd();
        string errors = await child.Stderr.ReadToEnd();
        await child.Exited.WaitAsync(Reading.Limit);
        child.TryReap()!.Value.Status.Succeeded.Should().BeTrue(errors);
        return output;
    }
}
