using System.Text;
using Kuid.Sysreq.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>Programs beside the server and in its place.</summary>
public sealed class ProgramSpecs
{
    public static TheoryData<string> Everywhere => Hosts.WithPrograms;

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_program_gives_both_outputs_and_its_raw_status_and_the_connection_goes_on(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);

        var run = await RunAsync(system, RemoteProgram.Of("sh", "-c", "echo out; echo err >&2; exit 7"));

        run.Should().Be(("out\n", "err\n", 7 << 8));
        (await system.WorkingDirectoryAsync()).IsEmpty.Should().BeFalse();
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Input_larger_than_any_pipe_goes_through_a_program(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var bytes = new byte[300_000];
        Array.Fill(bytes, (byte)'x');

        var run = await RunAsync(new RemoteSystem(client), RemoteProgram.Of("/bin/cat") with { Input = new MemoryStream(bytes) });

        run.Output.Should().HaveLength(bytes.Length);
        run.Status.Should().Be(0);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_program_that_does_not_read_its_input_ends_nothing_but_itself(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);

        var run = await RunAsync(system, RemoteProgram.Of("/bin/true") with { Input = new MemoryStream(new byte[1 << 20]) });

        run.Status.Should().Be(0);
        (await system.GetIdsAsync()).Should().NotBeNull();
    }

    // Bits of SIGPIPE (13) and SIGCHLD (17) in the masks of /proc/PID/status.
    private const ulong PipeSignal = 1 << 12;
    private const ulong ChildSignal = 1 << 16;

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_program_gets_its_folder_limits_environment_and_nothing_else_of_the_servers(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        var held = await system.OpenAsync("/etc/passwd", OpenFlags.Read);
        var program = RemoteProgram.Of("/bin/sh", "-c", "pwd; ulimit -n; env | grep COLOUR; ls /proc/self/fd; grep SigIgn /proc/self/status") with
        {
            WorkingDirectory = "/proc",
            Limits = [new(Resource.OpenFiles, new ResourceLimit(99, 99))],
            Environment = ["PATH=/usr/bin:/bin", "COLOUR=blue"],
        };

        var run = await RunAsync(system, program);

        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[..3].Should().Equal("/proc", "99", "COLOUR=blue");
        lines[3..^1].Should().Equal("0", "1", "2", "3").And.NotContain($"{held + 1}", "3 is the folder that ls itself reads");
        (Convert.ToUInt64(lines[^1].Split('\t')[1], 16) & (PipeSignal | ChildSignal)).Should().Be(0, "a server ignores these for itself, others it was started so");
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task What_keeps_a_program_from_starting_is_said_by_the_call_and_no_child_is_left(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);

        var missing = () => RunAsync(system, RemoteProgram.Of("/no/such/program"));
        var unknown = () => RunAsync(system, RemoteProgram.Of("no-such-program"));
        var folder = () => RunAsync(system, RemoteProgram.Of("/bin/true") with { WorkingDirectory = "/no/such/folder" });

        (await missing.Should().ThrowAsync<SysreqException>()).WithMessage("execve(\"/no/such/program\"): ENOENT*");
        (await unknown.Should().ThrowAsync<SysreqException>()).WithMessage("execve(\"no-such-program\"): ENOENT*");
        (await folder.Should().ThrowAsync<SysreqException>()).WithMessage("chdir(\"/no/such/folder\"): ENOENT*");
        (await client.CallAsync(client.Architecture.FindCall("wait4")!.Value.Number, -1, 0, 1)).Should().Be(-10, "there is no child: ECHILD");
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_program_that_is_left_is_killed_with_what_it_started(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var system = new RemoteSystem(client);
        var pid = 0;

        await foreach (var output in system.RunAsync(RemoteProgram.Of("sh", "-c", "sleep 3600 & echo $!; wait")))
        {
            pid = int.Parse(Encoding.UTF8.GetString(output.Bytes.Span).TrimEnd(), System.Globalization.CultureInfo.InvariantCulture);
            break;
        }

        await Eventually.Holds(() => !IsRunning(pid), $"process {pid} was gone");
        (await system.WorkingDirectoryAsync()).IsEmpty.Should().BeFalse();
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task Whoever_keeps_the_output_open_after_the_end_does_not_keep_the_reader(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var program = RemoteProgram.Of("sh", "-c", "setsid sleep 30 & echo $!; exit 3") with { Drain = TimeSpan.FromMilliseconds(50) };

        var run = await RunAsync(new RemoteSystem(client), program);

        run.Status.Should().Be(3 << 8);
        await ToolRun.Of("kill", [run.Output.TrimEnd()]);
    }

    [Theory, MemberData(nameof(Everywhere))]
    public async Task A_server_becomes_a_program(string host)
    {
        await using var client = await Hosts.ConnectAsync(host);
        var program = RemoteProgram.Of("sh", "-c", "echo out; read x; echo \"got $x\" >&2");

        await using var stream = await new RemoteSystem(client).BecomeAsync(program);
        await stream.WriteAsync("line from client\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        var output = await reader.ReadToEndAsync();

        output.Should().Be("out\ngot line from client\n");
    }

    [Fact]
    public async Task A_server_that_cannot_become_the_program_says_so_at_the_first_read()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["no-program"], "\u007fELF, but no more of it");
        File.SetUnixFileMode(folder["no-program"], (UnixFileMode)0x1ED);
        await using var client = await SysreqClient.ConnectAsync(new ByteByByteTransport(Hosts.TransportOf(Hosts.Unix)));

        await using var stream = await new RemoteSystem(client).BecomeAsync(RemoteProgram.Of(folder["no-program"]));
        var reading = async () => await stream.ReadAsync(new byte[100]);

        (await reading.Should().ThrowAsync<SysreqException>()).Which.ErrnoName.Should().Be("ENOEXEC");
    }

    [Fact]
    public async Task A_program_cannot_be_started_without_a_server()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Local);

        var running = () => RunAsync(new RemoteSystem(client), RemoteProgram.Of("true"));

        (await running.Should().ThrowAsync<SysreqException>()).Which.ErrnoName.Should().Be("ENOSYS");
    }

    private static async Task<(string Output, string Error, int Status)> RunAsync(RemoteSystem system, RemoteProgram program)
    {
        var (output, error, status) = (new StringBuilder(), new StringBuilder(), -1);
        await foreach (var item in system.RunAsync(program))
        {
            (item.Kind == OutputKind.Stderr ? error : output).Append(Encoding.UTF8.GetString(item.Bytes.Span));
            status = item.Kind == OutputKind.Ended ? item.WaitStatus : -1;
        }

        return (output.ToString(), error.ToString(), status);
    }

    private static bool IsRunning(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
