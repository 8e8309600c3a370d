using System.Diagnostics;
using System.Net.Sockets;

namespace Kuid.Cli.Tests.Pipelines;

/// <summary>A kuid-sysreqd on a Unix socket, and the addresses of hosts that tests speak to.</summary>
internal sealed class SysreqServer : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _process;

    private SysreqServer(string? profile) =>
        _process = Process.Start(new ProcessStartInfo(Program, profile is null ? [Socket] : [Socket, profile]))!;

    /// <summary>The program.</summary>
    internal static string Program { get; } = Repository.File("bin/kuid-sysreqd");

    /// <summary>The host that is a kuid-sysreqd at the pipes of a command.</summary>
    internal static string Command => $"exec:{Program} -";

    /// <summary>The host that is this one.</summary>
    internal string Host => $"unix:{Socket}";

    private string Socket => _folder["s"];

    /// <summary>Starts it, and waits until it accepts.</summary>
    internal static async Task<SysreqServer> Start(string? profile = null)
    {
        var server = new SysreqServer(profile);
        await Eventually.Holds(server.Accepts, "kuid-sysreqd accepts connections");
        return server;
    }

    /// <summary>Ends it, and with it all its connections.</summary>
    internal async Task End()
    {
        // Its children die with it.
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private bool Accepts()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
