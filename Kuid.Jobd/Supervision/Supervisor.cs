using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kuid.Jobd.Supervision;

/// <summary>
/// What a supervisor is told, one datagram each, as sd_notify(3) has it. Without one every word goes nowhere. It owns the socket.
/// </summary>
/// <remarks>Nobody answers, so nothing here fails: a supervisor that cannot be told draws its own conclusions.</remarks>
internal sealed class Supervisor : IDisposable
{
    private readonly Socket? _socket;
    private readonly string? _path;
    private volatile bool _isReady;

    private Supervisor(string? path, TimeSpan? watchdog)
    {
        _path = path;
        Watchdog = watchdog;
        _socket = path is null ? null : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    }

    /// <summary>Within which time the supervisor wants a sign of life, again and again; null for never (sd_watchdog_enabled(3)).</summary>
    internal TimeSpan? Watchdog { get; }

    /// <summary>Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.</summary>
    internal static Supervisor Of(IDictionary variables)
    {
        // A path, or with @ in place of the NUL the name of an abstract socket; what else there is (vsock:) is for other machines.
        string? path = variables["NOTIFY_SOCKET"] is string { Length: > 1 } name && name[0] is '/' or '@' ? name : null;
        string own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return new Supervisor(path, path is not null && (variables["WATCHDOG_PID"] as string ?? own) == own ? Microseconds(variables["WATCHDOG_USEC"]) : null);

        static TimeSpan? Microseconds(object? text) =>
            long.TryParse(text as string, NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n is > 0 and < long.MaxValue / TimeSpan.TicksPerMicrosecond
                ? TimeSpan.FromMicroseconds(n)
                : null;
    }

    /// <summary>The daemon serves.</summary>
    internal void Ready()
    {
        _isReady = true;
        Tell("READY=1");
    }

    /// <summary>
    /// Around a reading of the configuration. The time lets a supervisor tell this reload from one before (sd_notify(3), v253). Before
    /// the daemon is ready it says nothing, for the word at the end would say that it is.
    /// </summary>
    internal void Reloading(Action reload)
    {
        if (!_isReady)
        {
            reload();
            return;
        }

        Tell(FormattableString.Invariant($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}"));
        reload();
        Tell("READY=1");
    }

    /// <summary>The daemon stops, and it may take so long.</summary>
    internal void Stopping(TimeSpan atMost) => Tell("STOPPING=1\n" + Extension(atMost));

    /// <summary>The stop goes on, and may take so long from now.</summary>
    internal void StillStopping(TimeSpan atMost) => Tell(Extension(atMost));

    /// <summary>The sign of life.</summary>
    internal void Alive() => Tell("WATCHDOG=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private static string Extension(TimeSpan time) => FormattableString.Invariant($"EXTEND_TIMEOUT_USEC={(long)time.TotalMicroseconds}");

    private void Tell(string words)
    {
        try
        {
            _socket?.SendTo(Encoding.ASCII.GetBytes(words), new UnixDomainSocketEndPoint(_path![0] == '@' ? "\0" + _path[1..] : _path));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is gone, or does not read.
        }
    }
}
