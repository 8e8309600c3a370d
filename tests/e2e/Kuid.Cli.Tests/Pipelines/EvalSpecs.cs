using System.Diagnostics;
using System.Text.Json;

namespace Kuid.Cli.Tests.Pipelines;

/// <summary>kuid eval: hosts, formats, exit codes.</summary>
public sealed class EvalSpecs
{
    private const string Shells = "ps | xargs pstat | grep comm kuid | select pid rss comm";

    public static TheoryData<string> Hosts => ["local", "exec", "unix", "original"];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task The_pipeline_of_the_original_gives_a_table_and_valid_JSON_on_every_kind_of_host(string kind)
    {
        await OnHost(kind, async host =>
        {
            ToolRun table = await KuidCommand.Run(["eval", "-o", "table", host, Shells]);
            ToolRun json = await KuidCommand.Run(["eval", host, Shells + " | to json"]);

            // A process may end between ps and pstat, which is said.
            table.ExitCode.Should().Be(0, table.Stderr);
            table.Text.Should().MatchRegex(@"^ *pid +rss +comm\n( *\d+ +\d+ +\S.*\n)+$");
            json.ExitCode.Should().Be(0, json.Stderr);
            using JsonDocument rows = JsonDocument.Parse(json.Stdout);
            rows.RootElement.EnumerateArray().Should().NotBeEmpty().And.OnlyContain(row =>
                row.GetProperty("pid").GetInt64() > 0 && row.GetProperty("comm").GetString()!.Contains("kuid"));
        });
    }

    [Theory]
    [InlineData("table", "string\na b\n")]
    [InlineData("json", "[{\"string\":\"a b\"}]\n")]
    [InlineData("ndjson", "{\"string\":\"a b\"}\n")]
    [InlineData("tsv", "string\na b\n")]
    [InlineData("ruby", "[:string]\n[\"a b\"]\n")]
    [InlineData("text", "a b\n")]
    public async Task Every_format_has_its_look(string format, string text)
    {
        ToolRun run = await KuidCommand.Run(["eval", "-o", format, "echo 'a b'"]);

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, text, string.Empty));
    }

    [Fact]
    public async Task A_pipe_gets_a_document_a_line_and_the_bytes_of_a_file_as_they_are()
    {
        using var folder = new TempFolder();
        byte[] bytes = [0, 255, 27, 10, 13, 200];
        await File.WriteAllBytesAsync(folder["f"], bytes, TestContext.Current.CancellationToken);

        (await KuidCommand.Run(["eval", "echo a; echo b"])).Text.Should().Be("{\"string\":\"a\"}\n{\"string\":\"b\"}\n");
        (await KuidCommand.Run(["eval", $"cat {folder["f"]}"])).Stdout.Should().Equal(bytes);
    }

    [Theory]
    [InlineData("true", 0)]
    [InlineData("false", 1)]
    [InlineData("true; false", 1)]
    [InlineData("false; true", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("(exit 9)", 9)]
    [InlineData("echo a | grep b", 1)]
    public async Task The_exit_code_is_the_status_of_the_last_pipeline(string pipeline, int code) =>
        (await KuidCommand.Run(["eval", pipeline])).ExitCode.Should().Be(code);

    [Theory]
    [InlineData("ls /nope", 1, "ls: /nope: no such file or directory\n")]
    [InlineData("nosuch", 127, "nosuch: there is no such command")]
    [InlineData("ls / | sort sizee", 2, "sort: ")]
    public async Task An_error_is_a_line_of_standard_error(string pipeline, int code, string error)
    {
        ToolRun run = await KuidCommand.Run(["eval", pipeline]);

        run.ExitCode.Should().Be(code);
        run.Stderr.Should().StartWith(error).And.EndWith("\n");
        run.Stdout.Should().BeEmpty();
    }

    [Theory]
    [InlineData("ps | | head", "kuid: 1:6: a command is missing between `|` and `|`\nps | | head\n     ^\n")]
    [InlineData("echo a\necho 'b", "kuid: 2:6: the quote `'` is never closed\necho 'b\n     ^\n")]
    public async Task A_syntax_error_has_line_column_and_a_caret_and_nothing_has_run(string pipeline, string error)
    {
        ToolRun run = await KuidCommand.Run(["eval", pipeline]);

        (run.ExitCode, run.Text).Should().Be((2, string.Empty));
        run.Stderr.Should().Be(error);
    }

    [Theory]
    [InlineData("eval", "kuid: eval: PIPELINE is missing; see kuid eval --help\n")]
    [InlineData("eval local", "kuid: eval: \"local\" is a host; PIPELINE is missing; see kuid eval --help\n")]
    [InlineData("eval unix:/s", "kuid: eval: \"unix:/s\" is a host; PIPELINE is missing; see kuid eval --help\n")]
    [InlineData("eval local ps head", "kuid: eval: \"head\" is one word too many; a pipeline is one word, in quotes; see kuid eval --help\n")]
    [InlineData("eval local ps -f x", "kuid: eval: \"ps\" is one word too many; the script is in a file; see kuid eval --help\n")]
    [InlineData("eval -f", "kuid: eval: --file needs a value; see kuid eval --help\n")]
    [InlineData("eval -o yaml ps", "kuid: eval: --output \"yaml\": allowed: table, json, ndjson, tsv, ruby, text; see kuid eval --help\n")]
    [InlineData("eval locl ps", "kuid: eval: there is no host \"locl\" (did you mean local?); allowed: local, unix:PATH, tcp:HOST:PORT, tls:HOST:PORT, 'exec:COMMAND...' such as 'exec:ssh web1 kuid-sysreqd -', or a name from hosts.ini; see kuid eval --help\n")]
    [InlineData("shell locl", "kuid: shell: there is no host \"locl\" (did you mean local?); allowed: local, unix:PATH, tcp:HOST:PORT, tls:HOST:PORT, 'exec:COMMAND...' such as 'exec:ssh web1 kuid-sysreqd -', or a name from hosts.ini; see kuid shell --help\n")]
    [InlineData("shell local x", "kuid: shell: \"x\" is one word too many; see kuid shell --help\n")]
    [InlineData("eval tcp:web1 ps", "kuid: eval: 'tcp:web1' is no address of a host: host or port is missing; allowed are unix:PATH, tcp:HOST:PORT, tls:HOST:PORT[?cert=FILE&key=FILE&ca=FILE&pin=FILE], exec:COMMAND ARGS... and local; see kuid eval --help\n")]
    public async Task Wrong_use_is_one_line_that_says_what_is_allowed(string words, string line)
    {
        ToolRun run = await KuidCommand.Run(words.Split(' '));

        (run.ExitCode, run.Stderr, run.Text).Should().Be((2, line, string.Empty));
    }

    [Theory]
    [InlineData("unix:/nonexistent/socket", "kuid: cannot reach unix:/nonexistent/socket: ")]
    [InlineData("exec:/nonexistent/program -", "kuid: cannot reach exec:/nonexistent/program -: ")]
    [InlineData("exec:true", "kuid: cannot reach exec:true: ")]
    [InlineData("tcp:127.0.0.1:1", "kuid: cannot reach tcp:127.0.0.1:1: ")]
    public async Task A_host_that_cannot_be_reached_is_told_and_is_125(string host, string line)
    {
        ToolRun run = await KuidCommand.Run(["eval", host, "ps"]);

        run.ExitCode.Should().Be(125);
        run.Stderr.Split('\n')[^2].Should().StartWith(line);
    }

    [Fact]
    public async Task Hosts_have_names_in_a_file()
    {
        using var folder = new TempFolder();
        using SysreqServer server = await SysreqServer.Start();
        Directory.CreateDirectory(folder["kuid"]);
        await File.WriteAllTextAsync(folder["kuid/hosts.ini"], $"# mine\n\nweb1 = {server.Host}\nbad = web1\n", TestContext.Current.CancellationToken);

        ToolRun run = await Kuid("web1");
        ToolRun unknown = await Kuid("web2");
        ToolRun bad = await Kuid("bad");

        (run.ExitCode, run.Text, run.Stderr).Should().Be((0, "{\"string\":\"a\"}\n", string.Empty));
        unknown.Stderr.Should().StartWith("kuid: eval: there is no host \"web2\" (did you mean web1?); allowed: local, ");
        bad.Stderr.Should().StartWith($"kuid: eval: {folder["kuid/hosts.ini"]}: bad: 'web1' is no address of a host: ");

        await File.WriteAllTextAsync(folder["kuid/hosts.ini"], "web1\n", TestContext.Current.CancellationToken);
        ToolRun broken = await Kuid("web1");
        (broken.ExitCode, broken.Stderr).Should().Be((125, $"kuid: {folder["kuid/hosts.ini"]}:1: \"web1\": allowed: NAME = ADDRESS\n"));

        Task<ToolRun> Kuid(string host) => KuidCommand.Run(["eval", host, "echo a"], default, ("XDG_CONFIG_HOME", folder.Path));
    }

    [Fact]
    public async Task Whoever_reads_only_the_first_rows_ends_it_without_a_word()
    {
        ToolRun run = await KuidCommand.Shell("\"$KUID\" eval 'while true; do echo row; done' | head -2; echo ${PIPESTATUS[0]}", "none");

        (run.Text, run.Stderr).Should().Be(("{\"string\":\"row\"}\n{\"string\":\"row\"}\n141\n", string.Empty));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_the_pipeline_and_rows_appear_as_they_come(string signal, int code)
    {
        using Process kuid = KuidCommand.Start("none", "eval", "echo first; sleep 1000");
        (await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("{\"string\":\"first\"}");

        await KuidCommand.Signal(kuid, signal);

        (await KuidCommand.WaitForExit(kuid)).Should().Be(code);
        (await kuid.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_host_that_goes_away_is_told_and_is_125()
    {
        using SysreqServer server = await SysreqServer.Start();
        using Process kuid = KuidCommand.Start("none", "eval", server.Host, "while true; do uname > /dev/null; echo row; done");
        await kuid.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        Task<string> rest = kuid.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await server.End();

        await rest;
        (await KuidCommand.WaitForExit(kuid)).Should().Be(125);
        (await kuid.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).Should().StartWith("kuid: the connection is lost: ");
    }

    [Theory]
    [InlineData("local")]
    [InlineData("exec")]
    public async Task A_program_of_the_host_is_run_with_its_output_and_status(string kind)
    {
        await OnHost(kind, async host =>
        {
            ToolRun run = await KuidCommand.Run(["eval", host, "run sh -c 'printf \"a\\0b\"; echo e >&2; exit 3'"]);

            (run.ExitCode, run.Text, run.Stderr).Should().Be((3, "a\0b", "e\n"));
        });
    }

    [Fact]
    public async Task Files_of_the_caller_are_copied_to_a_host_and_from_it()
    {
        using var folder = new TempFolder();
        byte[] bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(folder["mine"], bytes, TestContext.Current.CancellationToken);

        ToolRun run = await KuidCommand.Run(
            ["eval", SysreqServer.Command, $"upload {folder["mine"]} {folder["theirs"]} && download {folder["theirs"]} {folder["back"]}"]);

        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
        File.ReadAllBytes(folder["back"]).AsSpan().SequenceEqual(bytes).Should().BeTrue();
    }

    private static async Task OnHost(string kind, Func<string, Task> test)
    {
        switch (kind)
        {
            case "exec":
                await test(SysreqServer.Command);
                break;
            case "unix":
                using (SysreqServer server = await SysreqServer.Start())
                {
                    await test(server.Host);
                }

                break;
            case "original":
                using (OriginalServer server = OriginalServer.Start())
                {
                    await test(server.Host);
                }

                break;
            default:
                await test(kind);
                break;
        }
    }
}
