using System.Diagnostics;
using Kuid.Bench.Daemons;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Remote;

namespace Kuid.Bench.Cases;

/// <summary>
/// How often a slow link is waited for: 100 stat files of /proc, in each of the ways to ask for them. The seconds are the round trips times
/// the latency, which is added here, and the machine hardly matters.
/// </summary>
internal sealed class LinkCase : ICase
{
    private const int Files = 100;

    // A line of /proc/PID/stat is longer.
    private const int FewestBytes = 50;
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(20);

    public string Name => "link";

    public string What => $"{Files} stat files, {OneWay.TotalMilliseconds} ms each way";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        await using SysreqServer server = await SysreqServer.StartAsync(bench, cancellation);
        var link = new DelayedTransport(server.Transport, OneWay);
        return
        [
            await ReadAsync("all together", link, pipelining: true, ReadTogetherAsync, cancellation),
            await ReadAsync("one file after the other", link, pipelining: true, ReadEachAsync, cancellation),
            await ReadAsync("one request after the other", link, pipelining: false, ReadTogetherAsync, cancellation),
            await EvaluateAsync("ps | xargs pstat", link, cancellation),
        ];
    }

    private async Task<Row> ReadAsync(
        string how, ITransport link, bool pipelining, Func<RemoteSystem, ByteString[], CancellationToken, Task<int>> read, CancellationToken cancellation)
    {
        await using SysreqClient client = await SysreqClient.ConnectAsync(
            link, new SysreqClientOptions { AllowPipelining = pipelining }, cancellation);
        var system = new RemoteSystem(client);
        ByteString[] paths = [.. Enumerable.Repeat<ByteString>($"/proc/{client.Pid}/stat", Files)];
        await ReadTogetherAsync(system, paths[..1], cancellation);
        using (await client.Scratch.RentAsync(4 << 20, cancellation))
        {
            // Connecting, mapping memory and asking for the limit of open files are not what is measured.
        }

        long start = Stopwatch.GetTimestamp();
        int bytes = await read(system, paths, cancellation);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        return bytes >= Files * FewestBytes
            ? RowOf($"{What}, {how}", took)
            : throw new CaseFailedException($"{bytes} bytes are not {Files} stat files");
    }

    private static async Task<Row> EvaluateAsync(string pipeline, ITransport link, CancellationToken cancellation)
    {
        await using Session session = await Session.OpenAsync(link, new SessionOptions(), cancellation);
        await PipelineRun.EvaluateAsync(session, pipeline, cancellation);
        PipelineRun run = await PipelineRun.EvaluateAsync(session, pipeline, cancellation);
        return RowOf($"`{pipeline.Replace("|", "\\|", StringComparison.Ordinal)}`, {run.Lines} processes, the same link", run.Took);
    }

    private static Row RowOf(string what, TimeSpan took) => new(what, "round trips", new Series([took / (2 * OneWay)]));

    private static async Task<int> ReadTogetherAsync(RemoteSystem system, ByteString[] paths, CancellationToken cancellation)
    {
        int bytes = 0;
        await foreach (FileContent content in system.ReadFilesAsync(paths, 4096, cancellationToken: cancellation))
        {
            bytes += content.Bytes.Length;
        }

        return bytes;
    }

    private static async Task<int> ReadEachAsync(RemoteSystem system, ByteString[] paths, CancellationToken cancellation)
    {
        int bytes = 0;
        foreach (ByteString path in paths)
        {
            bytes += (await system.ReadFileAsync(path, cancellationToken: cancellation)).Length;
        }

        return bytes;
    }
}
