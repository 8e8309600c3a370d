using System.Text;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary><c>run</c>: programs of the remote system.</summary>
public sealed class RunSpecs
{
    public static TheoryData<string> Everywhere => Hosts.WithPrograms;

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_programs_output_is_the_rows_and_its_status_the_stages(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);

        var result = await shell.RunAsync("run", "sh", "-c", "echo out; echo err >&2; exit 7");

        Encoding.UTF8.GetString(result.Data).Should().Be("out\n");
        result.StandardError.Should().Be("err\n");
        result.Status.Should().Be(7);
        result.Errors.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Its_input_is_the_rows_of_the_stage_before(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        Column[] columns = [new("name", ValueKind.String), new("size", ValueKind.Size)];
        var rows = new GivenRowsSource(columns, [[new StringValue("b"), new SizeValue(1)], [new StringValue("a"), new SizeValue(2)]]);

        var result = (await shell.RunAsync(new StageCall("run", "sort") { Input = rows })).ShouldSucceed();

        Encoding.UTF8.GetString(result.Data).Should().Be("a\t2\nb\t1\n");
    }

    [Fact]
    public async Task Megabytes_go_through_it()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        var chunk = new BytesValue(Enumerable.Range(0, 100_000).Select(number => (byte)(number >> 2)).ToArray());
        var input = new GivenRowsSource([DataColumn.Instance], Enumerable.Repeat<Value[]>([chunk], 30));

        var result = (await shell.RunAsync(new StageCall("run", "cat") { Input = input })).ShouldSucceed();

        result.Data.Should().HaveCount(3_000_000);
        result.Data[..100_000].Should().Equal(chunk.Bytes.ToArray());
    }

    [Fact]
    public async Task A_program_that_takes_no_input_ends_the_stages_before_it()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        var endless = Enumerable.Range(0, int.MaxValue).Select(number => new Value[] { new Int64Value(number) });
        var input = new GivenRowsSource([new("n", ValueKind.Int64)], endless);

        (await shell.RunAsync(new StageCall("run", "true") { Input = input })).ShouldSucceed();
        var head = (await shell.RunAsync(new StageCall("run", "head", "-n2") { Input = input })).ShouldSucceed();

        Encoding.UTF8.GetString(head.Data).Should().Be("0\n1\n");
    }

    [Fact]
    public async Task A_later_stage_that_has_enough_ends_the_program()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);

        var result = await shell.RunAsync(new StageCall("run", "sh", "-c", "echo $$; exec sleep 600") { Take = 1 });

        var pid = int.Parse(Encoding.UTF8.GetString(result.Data), System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "the program is gone");
        (await shell.RunAsync("hostname")).ShouldSucceed();
    }

    [Fact]
    public async Task Its_environment_is_the_sessions_and_its_folder_the_connections()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["COLOUR"] = "blue", ["PATH"] = "/usr/bin:/bin" };

        var result = (await shell.RunAsync(new StageCall("run", "sh", "-c", "pwd; echo $COLOUR") { Environment = environment })).ShouldSucceed();

        Encoding.UTF8.GetString(result.Data).Should().Be($"{shell.Folder.Path}\nblue\n");
    }

    [Fact]
    public async Task Arguments_are_bytes_and_those_with_a_dash_are_the_programs()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);

        var result = (await shell.RunAsync("run", "printf", "%s-", "-n", new byte[] { 0xFF, 0xFE }, "")).ShouldSucceed();

        result.Data.Should().Equal([.. "-n-"u8, 0xFF, 0xFE, .. "--"u8]);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task One_that_does_not_exist_is_127_and_one_that_is_no_program_126(string host)
    {
        await using var shell = await RemoteShell.ConnectAsync(host);
        await File.WriteAllTextAsync(shell.Folder["text"], "no program");

        await Expect("no-such-program", "no-such-program: no such program [ENOENT]", 127);
        await Expect("./missing", "./missing: no such program [ENOENT]", 127);
        await Expect("./text", "./text: permission denied [EACCES]", 126);
        await Expect("/etc", "/etc: permission denied [EACCES]", 126);
        (await shell.RunAsync("hostname")).ShouldSucceed();

        async Task Expect(string program, string message, int status)
        {
            var result = await shell.RunAsync("run", program);
            result.Messages.Should().Equal(message);
            result.Status.Should().Be(status);
        }
    }

    [Fact]
    public async Task One_that_a_signal_ended_is_128_and_the_signal_which_is_named()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);

        var result = await shell.RunAsync("run", "sh", "-c", "kill -9 $$");

        result.Status.Should().Be(128 + 9);
        result.Messages.Should().Equal("sh: ended by SIGKILL []");
    }

    [Fact]
    public async Task An_input_that_fails_is_the_failure_of_the_stage()
    {
        await using var shell = await RemoteShell.ConnectAsync(Hosts.Unix);
        var input = new GivenRowsSource([DataColumn.Instance], Failing());

        var result = await shell.RunAsync(new StageCall("run", "cat") { Input = input });

        result.Messages.Should().Equal("the input failed []");
        (await shell.RunAsync("hostname")).ShouldSucceed();

        static IEnumerable<Value[]> Failing()
        {
            yield return [new BytesValue("some"u8.ToArray())];
            throw new Kuid.Sysreq.Pipeline.Commands.CommandException("the input failed");
        }
    }

    [Fact]
    public async Task In_this_process_no_program_can_be_started_and_that_is_said()
    {
        await using var shell = await RemoteShell.ConnectAsync();

        var result = await shell.RunAsync("run", "true");

        result.Status.Should().NotBe(0);
        result.Errors.Should().ContainSingle();
    }
}
