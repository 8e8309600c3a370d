using System.Diagnostics;
using System.Net.Sockets;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>A kuid-sysreqd of the tests' own, on a Unix socket in a temporary folder.</summary>
internal sealed class SysreqServer : IDisposable
{
    private static readonly Lazy<SysreqServer> Shared = new(() => new SysreqServer());

    private readonly TempFolder _folder = new();
    private readonly Process _process;

    /// <summary>Starts it and waits until it accepts.</summary>
    public SysreqServer(params string[] more)
    {
        Socket = _folder["s"];
        _process = Process.Start(new ProcessStartInfo(Program, [Socket, .. more]))!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        for (var patience = Stopwatch.StartNew(); !Accepts(); Thread.Sleep(5))
        {
            if (_process.HasExited || patience.Elapsed > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException("kuid-sysreqd does not accept connections");
        }
    }

    /// <summary>The program, as `make native` left it.</summary>
    public static string Program
    {
        get
        {
            var path = Repository.File("daemon-c/build/kuid-sysreqd");
            return File.Exists(path) ? path : throw new FileNotFoundException("daemon-c/build/kuid-sysreqd is not there; `make native` makes it");
        }
    }

    /// <summary>The socket of one server that all tests may use: each connection is another process anyway.</summary>
    public static string SharedSocket => Shared.Value.Socket;

    /// <summary>Its socket.</summary>
    public string Socket { get; }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

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
