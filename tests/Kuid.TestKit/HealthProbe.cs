using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kuid.TestKit;

/// <summary>
/// Asks a daemon throughout a fault whether it is well: <c>/healthz</c> and a sockproc job <c>true</c>, again and again, each on a
/// connection of its own. An answer that takes longer than a second, or does not come, fails the test with the last lines of the log.
/// </summary>
/// <remarks>
/// A second is meant for a machine that has a processor to spare. Where the load average says that N processes wait for each
/// processor the limit is N seconds, ten at most; KUID_HEALTH_FACTOR sets the factor and overrides that. The probe has a thread of
/// its own and blocking sockets, so that what a test does to its own thread pool is not measured.
/// </remarks>
public sealed class HealthProbe : IDisposable
{
    private const int MostFactor = 10;
    private const int LinesOfLog = 20;

    // What is later than this never comes; the limit is another thing, and what is between is measured.
    private const int Patience = 30_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly byte[] Healthz = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray();
    private static readonly byte[] True = SockprocClient.Request("true");

    private readonly TestDaemon _daemon;
    private readonly string _http;
    private readonly bool _sockproc;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _over = new();
    private volatile string? _failure;
    private long _worst;

    private HealthProbe(TestDaemon daemon, string? http, bool sockproc)
    {
        _daemon = daemon;
        _http = http ?? daemon.Folder["data/http.sock"];
        _sockproc = sockproc;
        _thread = new Thread(Run) { IsBackground = true, Name = "health-probe" };
        _thread.Start();
    }

    /// <summary>The longest that an answer has taken so far.</summary>
    public TimeSpan Worst => TimeSpan.FromTicks(Interlocked.Read(ref _worst));

    /// <summary>How long an answer may take now.</summary>
    public static TimeSpan Limit => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("KUID_HEALTH_FACTOR"), CultureInfo.InvariantCulture, out double factor)
            ? factor
            : Math.Clamp(LoadAverage() / Environment.ProcessorCount, 1, MostFactor));

    /// <summary>Probes while a test does its worst to the daemon.</summary>
    /// <param name="http">The path of the HTTP socket; the one in the data folder unless given.</param>
    /// <param name="sockproc">Whether the sockproc door is asked too.</param>
    /// <exception cref="TimeoutException">An answer was late, wrong or none. What the test itself fails with comes first.</exception>
    public static async Task While(TestDaemon daemon, Func<Task> fault, string? http = null, bool sockproc = true)
    {
        ArgumentNullException.ThrowIfNull(fault);
        using var probe = new HealthProbe(daemon, http, sockproc);
        await fault();
        probe.Finish();
    }

    /// <summary>Begins to probe; <see cref="Finish"/> says how it went.</summary>
    public static HealthProbe Start(TestDaemon daemon, string? http = null, bool sockproc = true) => new(daemon, http, sockproc);

    /// <summary>Ends probing, with one probe more.</summary>
    /// <exception cref="TimeoutException">An answer was late, wrong or none.</exception>
    public void Finish()
    {
        Dispose();
        if (_failure is { } failure)
        {
            string[] log = _daemon.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            throw new TimeoutException($"{failure}; the daemon's log ends so:\n{string.Join('\n', log.TakeLast(LinesOfLog))}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _over.Set();
        _thread.Join();
    }

    private void Run()
    {
        bool last;
        do
        {
            last = _over.IsSet;
            Ask("/healthz", _http, Healthz, "HTTP/1.1 200 ");
            if (_sockproc)
            {
                Ask("a sockproc `true`", _daemon.Address, True, "status:0\r\n");
            }

            _over.Wait(Pause);
        }
        while (!last && _failure is null);
    }

    private void Ask(string what, string address, byte[] request, string start)
    {
        long begun = Stopwatch.GetTimestamp();
        string? wrong = null;
        try
        {
            string answer = Exchange(address, request);
            wrong = answer.StartsWith(start, StringComparison.Ordinal) ? null : $"was answered with '{answer.Split('\r')[0]}'";
        }
        catch (SocketException e)
        {
            wrong = $"had no answer ({e.SocketErrorCode})";
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(begun);
        Interlocked.Exchange(ref _worst, Math.Max(taken.Ticks, Interlocked.Read(ref _worst)));
        TimeSpan limit = Limit;
        if (wrong is not null || taken > limit)
        {
            _failure ??= FormattableString.Invariant($"{what} {wrong ?? "was answered late"} after {taken.TotalSeconds:F2} s; the limit is {limit.TotalSeconds:F1} s");
        }
    }

    private static string Exchange(string address, byte[] request)
    {
        bool tcp = address.All(char.IsAsciiDigit);
        using var socket = new Socket(
            tcp ? AddressFamily.InterNetwork : AddressFamily.Unix, SocketType.Stream, tcp ? ProtocolType.Tcp : ProtocolType.Unspecified)
        {
            ReceiveTimeout = Patience,
            SendTimeout = Patience,
        };
        socket.Connect(tcp
            ? new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, int.Parse(address, CultureInfo.InvariantCulture))
            : new UnixDomainSocketEndPoint(address));
        socket.Send(request);
        var answer = new StringBuilder();
        byte[] buffer = new byte[4096];
        int n;
        while ((n = socket.Receive(buffer)) > 0)
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, n));
        }

        return answer.ToString();
    }

    // The first number of /proc/loadavg: how many processes ran or waited in the last minute (proc(5)).
    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
}
