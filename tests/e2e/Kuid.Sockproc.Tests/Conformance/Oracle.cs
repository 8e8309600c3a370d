using System.Diagnostics;
using System.Net.Sockets;

namespace Kuid.Sockproc.Tests.Conformance;

// The original program, which the developer provides: SOCKPROC is its path.
internal sealed class Oracle : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _process;

    // What is ignored where the tests run (SIGPIPE by .NET, SIGINT and SIGQUIT by a shell that runs them in the background) the
    // original would hand on to its commands.
    private Oracle(string program) => _process = Process.Start(new ProcessStartInfo(
        "env", ["--default-signal", program, Address, "--foreground"])
    {
        WorkingDirectory = _folder.Path,
    })!;

    internal static string? Program => Environment.GetEnvironmentVariable("SOCKPROC");

    internal string Address => _folder["s"];

    internal static async Task<Oracle> Start()
    {
        var oracle = new Oracle(Program!);
        try
        {
            await Eventually.Holds(oracle.Accepts, "the original accepts connections");
            return oracle;
        }
        catch
        {
            oracle.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> Accepts()
    {
        try
        {
            return (await SockprocClient.Run(Address, "echo up")).Text == "up\n";
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
