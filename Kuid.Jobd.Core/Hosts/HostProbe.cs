using Kuid.Sysreq.Remote;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>What a host says when it is asked who it is.</summary>
/// <param name="Pid">The process that would serve; null when it cannot be reached.</param>
/// <param name="Architecture">The name that uname gives its machine.</param>
/// <param name="IsOriginal">Whether it is no server of ours.</param>
/// <param name="IsLook">Whether it only lets one look.</param>
/// <param name="Latency">How long one system call takes, there and back.</param>
/// <param name="Error">Why it cannot be reached; null when it can.</param>
public sealed record HostProbe(int? Pid, string? Architecture, bool? IsOriginal, bool? IsLook, TimeSpan? Latency, string? Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // The first call may find caches cold; the best of a few is what the way costs.
    private const int Calls = 3;

    /// <summary>Asks a host of a table by its name; no failure of its is an exception.</summary>
    public static async Task<HostProbe> OfAsync(HostTable hosts, string name, TimeProvider clock, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        ArgumentNullException.ThrowIfNull(clock);
        using var time = new CancellationTokenSource(Patience, clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            await using SysreqClient client = await SysreqClient.ConnectAsync(hosts.TransportTo(name), cancellationToken: patience.Token);
            return new HostProbe(
                client.Pid, client.Architecture.Name, client.Ident.IsOriginal, client.Ident.Look, await LatencyAsync(client, clock, patience.Token), Error: null);
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            return Failed($"no answer within {Patience.TotalSeconds} seconds");
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return Failed(e.Message);
        }
    }

    private static HostProbe Failed(string error) => new(Pid: null, Architecture: null, IsOriginal: null, IsLook: null, Latency: null, error);

    private static async Task<TimeSpan> LatencyAsync(SysreqClient client, TimeProvider clock, CancellationToken cancellation)
    {
        long getpid = client.Architecture.FindCall("getpid")!.Value.Number;
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < Calls; i++)
        {
            long start = clock.GetTimestamp();
            await client.CallAsync(getpid, cancellationToken: cancellation);
            best = clock.GetElapsedTime(start) is var took && took < best ? took : best;
        }

        return best;
    }
}
