using System.Globalization;
using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Bench.Cases;

/// <summary>How many commands a second over HTTP: beside the sockproc door of the same daemon, and beside webhook on the same transport.</summary>
internal sealed class ExecCase : ICase
{
    private const int Connections = 8;
    private const int Requests = 3000;
    private const int Ok = 200;
    private const string Shell = """{"kind":"shell","command":"true"}""";
    private const string Argv = """{"kind":"argv","argv":["/bin/true"]}""";
    private const string NoWebhook = "webhook is not installed (package webhook)";

    public string Name => "exec";

    public string What => "POST /v1/exec";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        _ = H2Load.Program;
        await using KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation, new DaemonSetup { Tcp = true });
        await using Webhook? webhook = await Webhook.StartAsync(bench, cancellation);
        string tcp = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{daemon.Port}/v1/exec");
        await SockprocDoor.WarmAsync(daemon, "true", cancellation);
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds,
            [
                SockprocDoor.Of(daemon, new CrlfLoad(daemon.Socket, Connections, Requests, "true"), "sockproc door"),
                Exec("shell, Unix", "http://localhost/v1/exec", daemon.HttpSocket, Shell),
                Exec("shell, TCP", tcp, socket: null, Shell),
                .. webhook is null ? Array.Empty<Contender>() : [Hook("webhook shell", webhook.Url("shell"))],
                Exec("argv, TCP", tcp, socket: null, Argv),
                .. webhook is null ? Array.Empty<Contender>() : [Hook("webhook argv", webhook.Url("argv"))],
            ],
            cancellation);
        return
        [
            new Row($"{What}, shell `true`, {Connections} connections, Unix socket", "1/s", Rate("shell, Unix")) { Goal = Goal.AtLeastTimes(0.85) }
                .Beside("sockproc door", Rate("sockproc door"), string.Empty),
            new Row($"{What}, shell `true`, {Connections} connections, TCP", "1/s", Rate("shell, TCP")) { Goal = Goal.AtLeastTimes(1.1) }
                .Beside("webhook `/bin/sh -c true`", Rate("webhook shell"), NoWebhook),
            new Row($"{What}, argv `/bin/true`, {Connections} connections, TCP", "1/s", Rate("argv, TCP")) { Goal = Goal.AtLeastTimes(1.25) }
                .Beside("webhook `/bin/sh -c true`", Rate("webhook shell"), NoWebhook),
            new Row($"{What}, argv `/bin/true`, beside the same program", "1/s", Rate("argv, TCP"))
                .Beside("webhook `/bin/true`", Rate("webhook argv"), NoWebhook),
        ];

        Series? Rate(string name) => rounds.Of(name, run => run.Rate);

        Contender Exec(string name, string url, string? socket, string body) => new(name, async cancelled =>
        {
            string? token = socket is null ? daemon.Token : null;
            Figures figures = await new H2Load(bench.Scratch, url, socket, body, Connections, Requests, Ok, token).RunAsync(cancelled);
            await daemon.Ledger.ConfirmAsync(Requests, JobState.Succeeded, cancelled);
            return figures;
        });

        Contender Hook(string name, string url) =>
            new(name, new H2Load(bench.Scratch, url, Socket: null, "{}", Connections, Requests, Ok).RunAsync);
    }
}
