namespace Kuid.Cli.Tests;

public sealed class UsageSpecs
{
    [Theory]
    [InlineData("ps --stat=running", 2, "kuid: ps: unknown option --stat (did you mean --state?); see kuid ps --help\n")]
    [InlineData("run --nmae x -- ls", 125, "kuid: run: unknown option --nmae (did you mean --name?); see kuid run --help\n")]
    [InlineData("submit --timeuot 3 ls", 2, "kuid: submit: unknown option --timeuot (did you mean --timeout?); see kuid submit --help\n")]
    [InlineData("psx", 2, "kuid: there is no verb \"psx\" (did you mean ps?); see kuid --help\n")]
    [InlineData("run", 125, "kuid: run: there is no command to run; see kuid run --help\n")]
    [InlineData("run -c true true", 125, "kuid: run: --shell has the whole command; nothing may follow it; see kuid run --help\n")]
    [InlineData("submit --timeout soon -- ls", 2, "kuid: submit: --timeout \"soon\": allowed: seconds above 0, or with a unit: 90s, 10m, 2h, 1d; see kuid submit --help\n")]
    [InlineData("run --priority 1001 ls", 125, "kuid: run: --priority \"1001\": allowed: a whole number from -1000 to 1000; see kuid run --help\n")]
    [InlineData("run --label x ls", 125, "kuid: run: --label \"x\": allowed: KEY=VALUE; see kuid run --help\n")]
    [InlineData("run --version ls", 125, "kuid: run: unknown option --version; see kuid run --help\n")]
    [InlineData("show x7", 2, "kuid: show: \"x7\" is no job's number; see kuid show --help\n")]
    [InlineData("show", 2, "kuid: show: ID is missing; see kuid show --help\n")]
    [InlineData("show 7 8", 2, "kuid: show: \"8\" is one word too many; see kuid show --help\n")]
    [InlineData("show 7 --output", 2, "kuid: show: --output needs a value; see kuid show --help\n")]
    [InlineData("signal", 2, "kuid: signal: SIG is missing; see kuid signal --help\n")]
    [InlineData("--socket ps", 2, "kuid: there is no verb; see kuid --help\n")]
    [InlineData("host", 2, "kuid: host: what shall it do? The verbs are ls, show, set, rm, probe; see kuid host --help\n")]
    [InlineData("host add web1", 2, "kuid: host: there is no verb \"add\"; the verbs are ls, show, set, rm, probe; see kuid host --help\n")]
    [InlineData("host prob web1", 2, "kuid: host: there is no verb \"prob\" (did you mean probe?); see kuid host --help\n")]
    [InlineData("host set web1", 2, "kuid: host set: ADDRESS is missing; see kuid host set --help\n")]
    [InlineData("host ls --outptu json", 2, "kuid: host ls: unknown option --outptu (did you mean --output?); see kuid host ls --help\n")]
    [InlineData("rm", 2, "kuid: rm: ID is missing; or a filter such as --state, or --all; see kuid rm --help\n")]
    [InlineData("rm 7 --state failed", 2, "kuid: rm: numbers and filters exclude each other; see kuid rm --help\n")]
    [InlineData("ps --kind shel", 2, "kuid: ps: --kind \"shel\": allowed: shell, argv, pipeline, callback, service, eval; see kuid ps --help\n")]
    [InlineData("ps --created-after yesterday", 2, "kuid: ps: --created-after \"yesterday\": allowed: RFC 3339, 2026-03-01 12:00 of this time zone, or +10m from now; see kuid ps --help\n")]
    [InlineData("api LOOK /v1/jobs", 2, "kuid: api: METHOD \"LOOK\": allowed: GET, POST, PUT, PATCH, DELETE, HEAD; see kuid api --help\n")]
    [InlineData("api GET //example.com/", 2, "kuid: api: PATH \"//example.com/\": allowed: /v1/jobs and the like; see kuid api --help\n")]
    [InlineData("api GET / -H x", 2, "kuid: api: --header \"x\": allowed: NAME: VALUE; those about a body need one; see kuid api --help\n")]
    [InlineData("queue set q --concurrency 10001", 2, "kuid: queue set: --concurrency \"10001\": allowed: a whole number from 1 to 10000; see kuid queue set --help\n")]
    [InlineData("batch submit --max-parallel 1001", 2, "kuid: batch submit: --max-parallel \"1001\": allowed: a whole number from 1 to 1000; see kuid batch submit --help\n")]
    [InlineData("submit --max-attempts 101 ls", 2, "kuid: submit: --max-attempts \"101\": allowed: a whole number from 1 to 100; see kuid submit --help\n")]
    [InlineData("submit --limit-memory lots ls", 2, "kuid: submit: --limit-memory \"lots\": allowed: bytes from 0, or with a unit: 64K, 1.5M, 2G; see kuid submit --help\n")]
    [InlineData("submit --limit-cpu 1.5 ls", 2, "kuid: submit: --limit-cpu \"1.5\": the system counts whole seconds; see kuid submit --help\n")]
    [InlineData("submit --key-policy wait ls", 2, "kuid: submit: --key-policy \"wait\": allowed: queue, skip, replace; see kuid submit --help\n")]
    [InlineData("submit --after 3,x ls", 2, "kuid: submit: \"x\" is no job's number; see kuid submit --help\n")]
    [InlineData("cancel 7 0", 2, "kuid: cancel: \"0\" is no job's number; see kuid cancel --help\n")]
    [InlineData("show 7 -o yaml", 2, "kuid: show: --output \"yaml\": allowed: table, json, ndjson, id; see kuid show --help\n")]
    [InlineData("ps --limit 0", 2, "kuid: ps: --limit \"0\": allowed: a whole number from 1 to 2147483647; see kuid ps --help\n")]
    [InlineData("ps --state dead", 2, "kuid: ps: --state \"dead\": allowed: scheduled, queued, running, canceling, succeeded, failed, canceled, lost; see kuid ps --help\n")]
    [InlineData("signal NONE 7", 2, "kuid: signal: there is no signal \"NONE\"; allowed: names such as TERM and SIGTERM, 1 to 64; see kuid signal --help\n")]
    [InlineData("--socket a --url http://127.0.0.1:1 ps", 2, "kuid: ps: --socket and --url exclude each other; see kuid ps --help\n")]
    [InlineData("--token-file a ps", 2, "kuid: ps: --token-file goes with --url; a socket needs no token; see kuid ps --help\n")]
    [InlineData("--url http://example.com ps", 2, "kuid: ps: --url \"http://example.com\": http is for this machine only, for it would show the token to the network; see kuid ps --help\n")]
    [InlineData("--url 127.0.0.1:80 ps", 2, "kuid: ps: --url \"127.0.0.1:80\": allowed: http://127.0.0.1:PORT or https://HOST:PORT; see kuid ps --help\n")]
    public async Task Wrong_use_is_one_line_that_says_what_is_allowed(string words, int code, string line)
    {
        ToolRun run = await KuidCommand.Run(words.Split(' '));

        run.Stderr.Should().Be(line);
        run.ExitCode.Should().Be(code);
        run.Stdout.Should().BeEmpty();
    }

    [Fact]
    public async Task No_word_at_all_is_answered_with_the_verbs()
    {
        ToolRun run = await KuidCommand.Run([]);

        run.ExitCode.Should().Be(2);
        run.Stderr.Should().Contain("run, submit, ps, show, logs, result, wait, cancel, signal, stdin, rerun, rm, queue, schedule, batch, host, service, token, advertise, call, eval, shell, status, api, version, completion");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("submit")]
    [InlineData("ps")]
    [InlineData("show")]
    [InlineData("logs")]
    [InlineData("result")]
    [InlineData("eval")]
    [InlineData("shell")]
    [InlineData("wait")]
    [InlineData("cancel")]
    [InlineData("signal")]
    [InlineData("stdin")]
    [InlineData("rerun")]
    [InlineData("rm")]
    [InlineData("queue")]
    [InlineData("schedule")]
    [InlineData("batch")]
    [InlineData("service")]
    [InlineData("call")]
    [InlineData("completion")]
    [InlineData("host")]
    [InlineData("status")]
    [InlineData("api")]
    [InlineData("version")]
    public async Task Every_verb_is_listed_and_has_a_help_of_its_own(string verb)
    {
        (await KuidCommand.Run(["--help"])).Text.Should().MatchRegex($"(?m)^  {verb} .*[A-Z]");

        ToolRun help = await KuidCommand.Run([verb, "--help"]);

        (help.ExitCode, help.Stderr).Should().Be((0, string.Empty));
        help.Text.Should().Contain($"kuid {verb}").And.Contain("--socket");
    }

    [Theory]
    [InlineData("run")]
    [InlineData("submit")]
    public async Task The_help_says_whose_environment_a_job_has(string verb) =>
        (await KuidCommand.Run([verb, "--help"])).Text.Should().Contain("DAEMON's environment");

    [Fact]
    public async Task The_help_says_what_the_exit_codes_mean() =>
        (await KuidCommand.Run(["run", "--help"])).Text.Should().Contain("124").And.Contain("125").And.Contain("126").And.Contain("127").And.Contain("128+n");

    [Fact]
    public async Task Its_own_version_needs_no_daemon()
    {
        ToolRun run = await KuidCommand.Run(["--version"]);

        run.Text.Should().MatchRegex(@"^\d+\.\d+\.\d+\n$");
        run.ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task It_starts_through_a_link_and_through_PATH()
    {
        using var folder = new TempFolder();
        File.CreateSymbolicLink(folder["kuid"], KuidCommand.Program);

        ToolRun byLink = await ToolRun.Of(folder["kuid"], ["--version"]);
        ToolRun byPath = await ToolRun.Of("/bin/sh", ["-c", $"PATH={folder.Path}:$PATH; kuid --version"], workingDirectory: "/");

        (byLink.ExitCode, byLink.Stderr).Should().Be((0, string.Empty));
        byPath.Text.Should().Be(byLink.Text);
    }
}
