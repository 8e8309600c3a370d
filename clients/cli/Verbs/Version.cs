using System.Reflection;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid version</c>: the client's and the daemon's.</summary>
internal static class Version
{
    /// <summary>The version of this build.</summary>
    internal static string Own { get; } =
        typeof(Version).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var verb = new Verb("version", "Print the versions of kuid and of the daemon.", "kuid --version asks no daemon.");
        verb.SetAction(async (words, cancellation) =>
        {
            Printer.Print($"kuid {Own}\n");
            using DaemonClient client = daemonOptions.Open(words);
            DaemonVersion daemon = await client.VersionAsync(cancellation);
            string[] details =
            [
                .. new[] { ("API ", daemon.Api), ("runtime ", daemon.Runtime), ("history in ", daemon.Store) }
                    .Where(part => part.Item2 is not null)
                    .Select(part => part.Item1 + Visible.Of(part.Item2!)),
            ];
            string more = details.Length > 0 ? $" ({string.Join(", ", details)})" : string.Empty;
            Printer.Print($"kuid-jobd {Visible.Of(daemon.Version)}{more}\n");
            return ExitCode.Ok;
        });
        return verb;
    }
}
