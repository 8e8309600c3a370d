using System.Text;
using Kuid.Cli.Hosts;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Remote;

namespace Kuid.Cli.Interaction;

/// <summary>The first lines of a shell: who answers, and with which rights.</summary>
internal static class Greeting
{
    /// <summary>Prints them.</summary>
    internal static async Task PrintAsync(Host host, Session session, CancellationToken cancellation)
    {
        SysreqClient client = session.System.Client;
        string version = client.Ident.IsOriginal ? "original" : $"version {client.Ident.Version}";
        string profile = client.Ident.Look ? ", read-only" : string.Empty;
        Printer.Print($"Server ({version}, {client.Architecture.Name}, {Visible.Of(host.Address.ToString()!)}{profile}) is ready.\nType :help for help.\n");
        if ((await session.System.GetIdsAsync(cancellation)).EffectiveUserId == 0)
        {
            Warn("The server runs as root: what is typed here has every right on that machine.");
        }
    }

    private static void Warn(string sentence)
    {
        string line = TerminalTable.WantsColours ? $"\e[1;31m{sentence}\e[0m\n" : sentence + "\n";
        Descriptor.Write(Descriptor.Stderr, Encoding.UTF8.GetBytes(line));
    }
}
