using System.CommandLine;
using System.Net;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Completions;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid host</c>: the hosts that the daemon's pipelines can name.</summary>
internal static class HostVerbs
{
    private const string Details =
        "These are the daemon's: names for kuid submit --host. eval and shell, which need no daemon, have names of their own in hosts.ini.";

    private static readonly Resource Resource = new("hosts", HostListing.Listing);

    /// <summary>The verb with its verbs.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var verbs = new ResourceVerbs(daemonOptions, Resource, () => Operands.Names("The hosts.", Candidates.Hosts));
        return new Verb("host", "List, add, remove and probe hosts for pipelines.", Details)
        {
            Subcommands =
            {
                verbs.List("List the hosts, the daemon's own machine first."),
                verbs.OfEach("show", "Show a host.", details: null, "table", FindAsync),
                Set(daemonOptions),
                verbs.Remove("Remove hosts.", "Those of the daemon's configuration stand in its file and are removed there."),
                verbs.Act(
                    "probe",
                    "Connect to hosts and say what answers.",
                    "It takes at most ten seconds for each. A host that cannot be reached is told, and is no failure of kuid's.",
                    "table",
                    HostListing.Probes),
            },
        };
    }

    private static Verb Set(DaemonOptions daemonOptions)
    {
        Argument<string> name = Operands.Name("The host.", Candidates.Hosts);
        var address = new Argument<string>("ADDRESS") { Description = "unix:PATH, tcp:HOST:PORT, tls:HOST:PORT?..., exec:COMMAND." };
        Option<string?> output = Operands.Output("nothing is printed");
        var verb = new Verb("set", "Add a host, or give it another address.", "Nothing is connected to; probe does that.")
        {
            Arguments = { name, address },
            Options = { output },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            OutputFormat? format = Operands.ReadFormat(words.GetValue(output));
            using DaemonClient daemon = daemonOptions.Open(words);
            byte[] body = JsonBody.Of(json => json.WriteString("address", words.GetRequiredValue(address)));
            JsonElement? host = await daemon.DoAsync(HttpMethod.Put, Resource.One(words.GetRequiredValue(name)), body, cancellation);
            if (format is { } wanted && host is { } document)
            {
                Printer.PrintOne(document, HostListing.Listing, wanted);
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    // The contract has no operation for one host.
    private static async Task<JsonElement?> FindAsync(DaemonClient daemon, string name, CancellationToken cancellation)
    {
        List<JsonElement> hosts = await daemon.DocumentsAsync(Resource.All, cancellation);
        int index = hosts.FindIndex(host => host.GetProperty("name").GetString() == name);
        return index >= 0 ? hosts[index] : throw new ProblemException(HttpStatusCode.NotFound, new Problem { Detail = $"there is no host \"{name}\"" });
    }
}
