namespace Kuid.Cli.Tests.Completions;

/// <summary>What kuid offers the scripts of the shells.</summary>
public sealed class CompletionSpecs
{
    [Theory]
    [InlineData("st", "stdin status")]
    [InlineData("queue p", "pause purge")]
    [InlineData("ps --created", "--created-after --created-before")]
    [InlineData("ps --state can", "canceling canceled")]
    [InlineData("ps --state=can", "--state=canceling --state=canceled")]
    [InlineData("ps --state = can", "--state=canceling --state=canceled")]
    [InlineData("ps --state =", "--state=scheduled --state=queued --state=running --state=canceling --state=succeeded --state=failed --state=canceled --state=lost")]
    [InlineData("ps --socket x -o t", "table")]
    [InlineData("--socket x comp", "completion")]
    [InlineData("--socket ", ":files")]
    [InlineData("submit --key-policy ", "queue skip replace")]
    [InlineData("run ", ":commands")]
    [InlineData("run -n --name x mk", ":commands")]
    [InlineData("run ls --nam", ":files")]
    [InlineData("run -- ls ", ":files")]
    [InlineData("call ", "")]
    [InlineData("call weather -", ":files")]
    [InlineData("advertise --", "--registry --config --start --socket --url --token-file --ca --certificate --key --help")]
    [InlineData("schedule set x --cron y mk", ":commands")]
    [InlineData("batch submit ", ":files")]
    [InlineData("api P", "POST PUT PATCH")]
    [InlineData("completion ", "bash fish zsh")]
    [InlineData("nosuch ", "")]
    [InlineData("ps --nosuch ", "")]
    [InlineData("__comp", "")]
    public async Task The_last_word_has_these_candidates(string line, string candidates)
    {
        ToolRun run = await KuidCommand.Run(["__complete", "--", .. line.Split(' ')], default, ("KUID_SOCKET", "/no/such/socket"));

        (run.ExitCode, run.Stderr).Should().Be((0, string.Empty));
        string[] words = [.. run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('\t')[0])];
        words.Should().BeEquivalentTo(candidates.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Names_come_from_the_daemon_with_what_they_stand_for()
    {
        await using StubDaemon stub = await StubDaemon.Start((request, context) => request switch
        {
            "GET /v1/jobs" => StubDaemon.Json(context, """{"items":[{"id":41,"state":"running","createdAt":"2026-03-01T10:20:30.000Z","command":"a\tb"}],"nextCursor":null}"""),
            "GET /v1/queues" => StubDaemon.Json(context, """{"items":[{"name":"builds"}]}"""),
            "GET /v1/schedules" => StubDaemon.Json(context, """{"items":[{"name":"nightly","cron":"0 3 * * *"}]}"""),
            "GET /v1/services" => StubDaemon.Json(context, """{"items":[{"name":"weather","description":"Forecast"}]}"""),
            "GET /v1/batches" => StubDaemon.Json(context, """{"items":[{"id":9,"state":"running"}]}"""),
            _ => StubDaemon.Json(context, """{"items":[{"name":"web1","address":"unix:/x"}]}"""),
        });

        async Task<string> Complete(params string[] words) => (await stub.Kuid(["__complete", "--", .. words])).Text;

        // A busy machine may take longer for an answer than a key is kept waiting, and then there are no names: whoever wants them presses again.
        async Task<string> Offered(params string[] words)
        {
            string names = string.Empty;
            await Eventually.Holds(async () => (names = await Complete(words)).Length > 0, $"kuid completes {string.Join(' ', words)}");
            return names;
        }

        (await Offered("wait", "7", "4")).Should().Be("41\trunning a\\tb\n");
        (await Offered("call", "--services", "1", "w")).Should().Be("weather\tForecast\n");
        (await Complete("wait", "7")).Should().BeEmpty("what is typed is no beginning of a number there");
        (await Offered("submit", "--queue", "")).Should().Be("builds\tqueue\n");
        (await Offered("queue", "pause", "")).Should().Be("builds\tqueue\n");
        (await Offered("schedule", "trigger", "")).Should().Be("nightly\t0 3 * * *\n");
        (await Offered("batch", "wait", "")).Should().Be("9\trunning\n");
        (await Offered("host", "probe", "")).Should().Be("web1\tunix:/x\n");
        (await Offered("ps", "--queue=")).Should().Be("--queue=builds\tqueue\n");
    }

    [Fact]
    public async Task A_daemon_that_does_not_answer_keeps_nobody_waiting()
    {
        var never = new TaskCompletionSource();
        await using StubDaemon stub = await StubDaemon.Start((_, context) => never.Task.WaitAsync(context.RequestAborted));

        (await stub.Kuid("__complete", "--", "show", "")).Should().BeEquivalentTo(new { ExitCode = 0, Text = string.Empty, Stderr = string.Empty });
    }

    [Fact]
    public async Task A_shell_that_there_is_no_script_for_is_told() =>
        (await KuidCommand.Run(["completion", "csh"])).Stderr.Should().Be("kuid: completion: SHELL \"csh\": allowed: bash, fish, zsh; see kuid completion --help\n");
}
