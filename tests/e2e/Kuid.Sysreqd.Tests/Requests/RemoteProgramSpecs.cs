using System.Text;

namespace Kuid.Sysreqd.Tests.Requests;

// Programs that the server becomes, or that its copy becomes, and what they find.
public sealed class RemoteProgramSpecs
{
    private const long Vfork = 0x4000, ChildSignal = 17;

    private static readonly string[] WithSpoiledSignals =
        ["env", "--ignore-signal=PIPE,CHLD,INT,TERM", "--block-signal=PIPE,TERM,USR1"];

    [Fact]
    public async Task A_program_of_its_own_process_leaves_the_connection()
    {
        await using Server server = await Server.Start();
        using Connection connection = server.Connect();
        int pid = connection.ServingPid();
        long scratch = connection.Allocate(1);
        Upload(connection, scratch, "exit 7");

        // The copy answers 0 and serves until it is a program; then the parent, which has waited, answers.
        connection.Call(server.Abi.Clone, Vfork | ChildSignal, 0, 0, 0, 0).Should().Be(0);
        int copy = connection.ServingPid();
        connection.Send(Execute(server.Abi, scratch));
        connection.ReceiveReply().Should().Be(copy).And.NotBe(pid);

        connection.Call(server.Abi.Wait4, copy, scratch, 0, 0).Should().Be(copy);
        connection.Download(scratch, 4).Bytes.Should().Equal(0, 7, 0, 0);
        connection.ServingPid().Should().Be(pid);
    }

    // Ignored and blocked signals are inherited by programs, and few expect it.
    [Fact]
    public async Task A_program_finds_signals_as_they_are_by_default()
    {
        await using Server server = await Server.Start(WithSpoiledSignals);

        string status = RunAsConnection(server, "while read -r name value; do echo $name $value; done < /proc/self/status");

        Mask(status, "SigIgn:").Should().Be(0, "PIPE, CHLD, INT and TERM were ignored");
        Mask(status, "SigBlk:").Should().Be(0);
    }

    [Fact]
    public async Task A_program_finds_the_umask_that_the_manager_was_started_with()
    {
        await using Server server = await Server.Start(["sh", "-c", "umask 027; exec \"$@\"", "sh"]);

        RunAsConnection(server, "umask").Should().Be("0027\n");
    }

    // 0 and 1 are /dev/null, 2 is the manager's, 3 is the connection; whatever the manager inherited is closed.
    [Fact]
    public async Task A_program_finds_no_descriptor_but_the_standard_ones_and_the_connection()
    {
        await using Server server = await Server.Start(["bash", "-c", "exec \"$@\" 4</dev/zero 5</dev/zero 77</dev/zero", "bash"]);
        using Connection connection = server.Connect();

        string[] open =
            [.. Directory.EnumerateFileSystemEntries($"/proc/{connection.ServingPid()}/fd").Order(StringComparer.Ordinal)];

        open.Select(Path.GetFileName).Should().Equal("0", "1", "2", "3");
        new FileInfo(open[0]).LinkTarget.Should().Be("/dev/null");
        new FileInfo(open[1]).LinkTarget.Should().Be("/dev/null");
        new FileInfo(open[3]).LinkTarget.Should().StartWith("socket:");
    }

    [Fact]
    public async Task A_client_that_is_gone_is_an_error_and_no_death_by_signal()
    {
        await using Server server = await Server.Start();
        using Connection connection = server.Connect();
        long scratch = connection.Allocate(1);
        connection.Call(server.Abi.Pipe2, scratch, 0).Should().Be(0);
        byte[] ends = connection.Download(scratch, 8).Bytes;
        connection.Call(server.Abi.Close, BitConverter.ToInt32(ends, 0)).Should().Be(0);

        connection.Call(server.Abi.Write, BitConverter.ToInt32(ends, 4), scratch, 1).Should().Be(-32);

        connection.ServingPid().Should().BePositive();
    }

    private static byte[] Execute(Abi abi, long scratch) => Connection.Request(abi.Execve, scratch, scratch + 8, scratch + 40);

    // The name of the shell, its argv behind it, no environment, and the strings of argv.
    private static void Upload(Connection connection, long scratch, string script)
    {
        byte[] bytes =
        [
            .. "/bin/sh\0"u8,
            .. BitConverter.GetBytes(scratch + 48), .. BitConverter.GetBytes(scratch + 51), .. BitConverter.GetBytes(scratch + 54),
            .. new byte[16],
            .. "sh\0-c\0"u8, .. Encoding.ASCII.GetBytes(script), 0,
        ];
        connection.Upload(scratch, bytes).Should().Be(bytes.Length);
    }

    private static string RunAsConnection(Server server, string script)
    {
        using Connection connection = server.Connect();
        long scratch = connection.Allocate(1);
        Upload(connection, scratch, script);
        connection.Call(server.Abi.Dup3, 3, 1, 0).Should().Be(1);
        connection.Send(Execute(server.Abi, scratch));
        var output = new StringBuilder();
        while (connection.ReceiveAny() is { Length: > 0 } bytes)
        {
            output.Append(Encoding.UTF8.GetString(bytes));
        }

        return output.ToString();
    }

    // Of the signals that were spoiled: 2, 10, 13, 15 and 17.
    private static ulong Mask(string status, string field)
    {
        const ulong Spoiled = (1 << 1) | (1 << 9) | (1 << 12) | (1 << 14) | (1 << 16);
        string line = status.Split('\n').Single(l => l.StartsWith(field, StringComparison.Ordinal));
        return Convert.ToUInt64(line[field.Length..].Trim(), 16) & Spoiled;
    }
}
