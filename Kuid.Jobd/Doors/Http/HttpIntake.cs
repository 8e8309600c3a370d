using System.Diagnostics;
using System.Text;
using Kuid.Jobd.Api;
using Kuid.Jobd.Core.Native;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Http;

/// <summary>Where connections for the HTTP door come in: how many there may be, and what is said to those that are too many.</summary>
/// <param name="incoming">Where those go that are served; each is closed there.</param>
/// <param name="speaksTls">Whether TLS is spoken on TCP ports, where a refusal in plain text would be noise.</param>
internal sealed class HttpIntake(IncomingConnections incoming, int most, bool speaksTls, ILogger<HttpIntake> log) : IDoor
{
    private readonly Newcomers _newcomers = new("http", most, log);
    private int _count;

    /// <inheritdoc/>
    public string? Name => "http";

    /// <inheritdoc/>
    public bool RunsAnything => true;

    /// <inheritdoc/>
    public int MaxConnections => most;

    /// <inheritdoc/>
    public int Connections => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public void Open(SafeFd connection, UnixFileMode socketMode)
    {
        int open = Interlocked.Increment(ref _count);
        if (open > most && (open > most + Newcomers.DroppedAtOnce || !_newcomers.TryDropOldest()))
        {
            Interlocked.Decrement(ref _count);
            RefuseForWantOfDescriptors(connection);
            connection.Dispose();
            return;
        }

        incoming.Add(connection, new Place(this, _newcomers.Enter()));
    }

    /// <inheritdoc/>
    public void RefuseForWantOfDescriptors(SafeFd connection)
    {
        Log.HttpRefused(log, most);
        CurtRefusal.Send(connection, speaksTls && !LibcSocket.IsUnix(connection) ? [] : TooMany());
    }

    /// <summary>The web server ends the connections itself.</summary>
    public Task StopAsync() => Task.CompletedTask;

    // The problem of the contract's schema, for a request that nobody has read.
    private static byte[] TooMany()
    {
        string problem =
            "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"there are too many connections; try again later\","
            + $"\"instance\":\"\",\"code\":\"unavailable\",\"errors\":null,\"traceId\":\"{ActivityTraceId.CreateRandom().ToHexString()}\"}}";
        return Encoding.ASCII.GetBytes(
            "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Type: application/problem+json\r\n"
            + $"Cache-Control: no-store\r\nContent-Length: {problem.Length}\r\n\r\n{problem}");
    }

    private sealed class Place(HttpIntake intake, Newcomer newcomer) : IConnectionPlace
    {
        private int _over;

        public CancellationToken Dropped => newcomer.Dropped;

        public void HasSpoken() => newcomer.HasSpoken();

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0)
            {
                newcomer.Dispose();
                Interlocked.Decrement(ref intake._count);
            }
        }
    }
}
