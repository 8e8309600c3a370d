using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kuid.Cli.Tests.Pipelines;

/// <summary>The original's server, which is given by the path in KUSD: it accepts connections from a listening socket at its descriptor 0.</summary>
internal sealed partial class OriginalServer : IDisposable
{
    private const int SetDescriptorFlags = 2;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Process _process;

    private OriginalServer(string program)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(8);
        int descriptor = (int)_listener.Handle;
        _ = SetFlags(descriptor, SetDescriptorFlags, 0);
        _process = Process.Start("bash", ["-c", string.Create(CultureInfo.InvariantCulture, $"exec \"$0\" <&{descriptor} {descriptor}<&-"), program]);
    }

    /// <summary>Its address.</summary>
    internal string Host => string.Create(CultureInfo.InvariantCulture, $"tcp:127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}");

    /// <summary>Starts it, or skips the test with the reason.</summary>
    internal static OriginalServer Start()
    {
        string? program = Environment.GetEnvironmentVariable("KUSD");
        Assert.SkipUnless(program is { Length: > 0 }, "KUSD is not set: the path of the original's server");
        return new OriginalServer(program!);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _listener.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetFlags(int descriptor, int command, nint flags);
}
