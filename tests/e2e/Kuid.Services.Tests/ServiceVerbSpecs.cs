namespace Kuid.Services.Tests;

/// <summary><c>kuid service</c>: what is offered, and calls of it as jobs, over HTTP.</summary>
public sealed class ServiceVerbSpecs
{
    private static readonly string Kuid = Repository.File("bin/kuid");

    [Fact]
    public async Task Kuid_service_ls_lists_what_is_offered()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using AdvertiseCommand subserver = daemon.Offer("weather", "#!/bin/sh\n", "description = Forecast for a city\n");
        await subserver.Says("weather is offered");

        (await Service(daemon, "ls", "-o", "id")).Text.Should().Be("weather\n");
        (await Service(daemon, "ls", "-o", "ndjson")).Text.Should().Contain("\"description\":\"Forecast for a city\"");
    }

    [Fact]
    public async Task Kuid_service_run_prints_what_the_program_writes_and_exits_as_it_does()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using AdvertiseCommand subserver = daemon.Offer(
            "s", "#!/bin/sh\necho \"out $1\"; echo \"err $2\" >&2; exit 7\n", "stderr = separate\n");
        await subserver.Says("s is offered");

        ToolRun run = await Service(daemon, "run", "s", "a b", "-n");

        (run.ExitCode, run.Text, run.Stderr).Should().Be((7, "out a b\n", "err -n\n"));
    }

    [Fact]
    public async Task Kuid_service_run_says_which_service_is_not_there()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();

        ToolRun run = await Service(daemon, "run", "whether");

        (run.ExitCode, run.Text).Should().Be((125, string.Empty));
        run.Stderr.Should().Contain("whether");
    }

    private static Task<ToolRun> Service(ServicesDaemon daemon, params string[] words) =>
        ToolRun.Of(Kuid, ["--socket", daemon.Daemon.Folder["data/http.sock"], "service", .. words]);
}
