using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kuid.Sysreqd.Tests;

// A manager on a socket of its own, and its children; gone with the object.
internal sealed class Server : IAsyncDisposable
{
    internal const int PoolSize = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly Task<string> _stderr;

    private Server(Process process, EndPoint endPoint, TempFolder folder, Abi abi)
    {
        _process = process;
        _stderr = process.StandardError.ReadToEndAsync();
        EndPoint = endPoint;
        Folder = folder;
        Abi = abi;
    }

    internal static string Program => Existing("bin/kuid-sysreqd");

    internal EndPoint EndPoint { get; }

    internal TempFolder Folder { get; }

    internal Abi Abi { get; }

    internal int Pid => _process.Id;

    internal string Path => Folder["s"];

    internal IReadOnlyList<int> Children => ProcessTable.Children(Pid);

    // On a Unix socket; before the program stand what runs it, and what goes after its path.
    internal static Task<Server> Start(string[]? runner = null, string? program = null, string[]? profile = null, Abi? abi = null)
    {
        var folder = new TempFolder();
        return StartOn(folder["s"], new UnixDomainSocketEndPoint(folder["s"]), folder, runner, program, profile, abi);
    }

    internal static Task<Server> StartOnPort()
    {
        string port = TestDaemon.FreePort();
        var endPoint = new IPEndPoint(IPAddress.Loopback, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        return StartOn(port, endPoint, new TempFolder());
    }

    internal static async Task<Server> StartOn(
        string argument,
        EndPoint endPoint,
        TempFolder folder,
        string[]? runner = null,
        string? program = null,
        string[]? profile = null,
        Abi? abi = null)
    {
        string[] command = [.. runner ?? [], program ?? Program, argument, .. profile ?? []];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        var server = new Server(Process.Start(start)!, endPoint, folder, abi ?? Abi.OfThisMachine);
        await Eventually.Holds(
            () => server._process.HasExited || server.Accepts(), "kuid-sysreqd listens or ends");
        if (server._process.HasExited)
        {
            throw new InvalidOperationException($"kuid-sysreqd ended: {await server._stderr}");
        }

        return server;
    }

    internal Connection Connect() => new(EndPoint, Abi);

    internal async Task Signal(string signal) => await Send(signal, Pid);

    internal static async Task Send(string signal, int pid) =>
        (await ToolRun.Of("kill", [$"-{signal}", $"{pid}"])).ExitCode.Should().Be(0);

    // The exit code, 128 + n for signal n, and what was said on stderr.
    internal async Task<(int ExitCode, string Stderr)> End()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _stderr.WaitAsync(patience.Token));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Folder.Dispose();
    }

    internal static string Existing(string relative) => File.Exists(Repository.File(relative))
        ? Repository.File(relative)
        : throw new FileNotFoundException($"{relative} is not there; `make build` makes it");

    private bool Accepts()
    {
        try
        {
            using Connection _ = Connect();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
