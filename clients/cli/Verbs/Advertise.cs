using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Services;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid advertise</c>: the subserver, which offers a user's programs as services and runs them.</summary>
internal static class Advertise
{
    private const string Variable = "KUID_SERVICES_REGISTRY";

    private const string Details =
        "Each section of the file is a service; of its settings only path is needed:\n\n"
        + "    [weather]\n"
        + "    path = /home/me/bin/weather\n"
        + "    description = Forecast for a city\n"
        + "    # true: it runs on a terminal\n"
        + "    pty = false\n"
        + "    # merge it into the output, or keep it separate\n"
        + "    stderr = merge\n"
        + "    # what callers may set of its environment\n"
        + "    env = LANG\n"
        + "    # calls at once, the others wait\n"
        + "    max = 4\n"
        + "    timeoutSeconds = 30\n"
        + "    param.city = string, max 40\n"
        + "    param.days = integer, min 1, max 7, default 3\n\n"
        + "A parameter is a string, integer, number, boolean or choice, then rules: min N, max N, of A|B|C, optional, default VALUE. They "
        + "are checked before the program is started; without any, a call may have any arguments.\n\n"
        + "The programs run as the user who runs kuid advertise, in its folder and its environment, and know KUID_SERVICE, KUID_CALL, "
        + "KUID_PRINCIPAL and KUID_CLAIMED_USER. A script without #! is run by /bin/sh. A call's connection ends with its program.\n\n"
        + "SIGHUP reads the file again: one that is wrong changes nothing, and calls that run go on. SIGTERM and Ctrl-C leave: calls get "
        + "SIGTERM, and ten seconds; a second signal takes those away. When the superserver is lost, kuid advertise comes back to the next "
        + "one; with --start it starts one, unless another subserver does.";

    /// <summary>The verb.</summary>
    internal static Verb Create()
    {
        var registry = new Option<string?>("--registry")
        {
            Description = $"The registry's socket of the superserver. Default: ${Variable}, else DIR/registry.sock.",
            HelpName = "PATH",
        };
        var config = new Option<string?>("--config") { Description = "The services. Default: ~/.config/kuid/services.conf.", HelpName = "FILE" };
        var start = new Option<string?>("--start") { Description = "What starts a superserver where there is none: a line of sh.", HelpName = "COMMAND" };
        var verb = new Verb("advertise", "Offer programs as services, and run them for their callers.", Details) { Options = { registry, config, start } };
        verb.SetAction((words, _) => RunAsync(
            Path.GetFullPath(
                (words.GetValue(registry) ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } path
                    ? path
                    : Path.Combine(DaemonAddress.DataFolder(Environment.GetEnvironmentVariable), "registry.sock")),
            Path.GetFullPath(words.GetValue(config) ?? ServicesFile.DefaultPath),
            words.GetValue(start)));
        return verb;
    }

    private static async Task<int> RunAsync(string registry, string file, string? start)
    {
        IReadOnlyList<AdvertisedService> services = ServicesFile.Read(file);
        using var reactor = new Reactor();
        using var spawner = new Spawner(reactor, InheritedEnvironment.OfThisProcess());
        var link = new SuperserverLink(reactor, registry, start is null ? null : new SuperserverStart(spawner, registry, start));
        using var subserver = new Subserver(link, new RunningCalls(spawner, reactor, TimeProvider.System), services);
        using var signals = new AdvertiseSignals(() => ReadAgainAsync(subserver, file));
        Task running = subserver.RunAsync();
        await Task.WhenAny(running, signals.Stop);
        await subserver.LeaveAsync(signals.Hurry);
        await running;
        return ExitCode.Ok;
    }

    private static async Task ReadAgainAsync(Subserver subserver, string file)
    {
        try
        {
            IReadOnlyList<AdvertisedService> services = ServicesFile.Read(file);
            await subserver.ReplaceAsync(services);
            Talk.Line($"{file} was read again");
        }
        catch (FailureException e)
        {
            Talk.Line($"{e.Message}; nothing has changed");
        }
    }
}
