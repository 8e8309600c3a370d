using System.Diagnostics;
using System.Globalization;
using Kuid.Sysreq.Bench;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Remote;

// What 100 stat files of /proc cost on a link, in each of the ways to ask for them.
//
//   dotnet run -c Release --project bench/sysreq -- ADDRESS [ONE-WAY-MS]
//
// ADDRESS is that of a server, such as unix:/tmp/s of `bin/kuid-sysreqd /tmp/s`; the latency is added here, 20 ms each way by default.
const int Files = 100;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/sysreq -- ADDRESS [ONE-WAY-MS]");
    return 2;
}

var oneWay = TimeSpan.FromMilliseconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 20);
var transport = new DelayedTransport(HostAddress.Parse(args[0]).ToTransport(), oneWay);
Console.WriteLine($"{Files} stat files, {oneWay.TotalMilliseconds} ms each way");
Console.WriteLine("| how | requests | seconds | round trips |");
Console.WriteLine("|---|---|---|---|");
await MeasureAsync("all together", pipelining: true, ReadTogetherAsync);
await MeasureAsync("one file after the other", pipelining: true, ReadEachAsync);
await MeasureAsync("one request after the other", pipelining: false, ReadTogetherAsync);
await MeasurePipelineAsync("ps | xargs pstat");
return 0;

async Task MeasurePipelineAsync(string pipeline)
{
    await using var session = await Session.OpenAsync(transport, new SessionOptions(), CancellationToken.None);
    await EvaluateAsync(session, pipeline);
    var start = Stopwatch.GetTimestamp();
    var lines = await EvaluateAsync(session, pipeline);
    var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| `{pipeline.Replace("|", "\\|", StringComparison.Ordinal)}`, {lines} processes | | {seconds:F3} | {seconds / (2 * oneWay.TotalSeconds):F1} |"));
}

static async Task<int> EvaluateAsync(Session session, string pipeline)
{
    using var output = new MemoryStream();
    using var errors = new MemoryStream();
    await using (var sink = new StreamSink("text", output, errors, isTerminal: false))
        await session.EvaluateAsync(ScriptParser.Parse(pipeline), sink, CancellationToken.None);

    return output.ToArray().Count(each => each == (byte)'\n');
}

async Task MeasureAsync(string how, bool pipelining, Func<RemoteSystem, ByteString[], Task<int>> read)
{
    await using var client = await SysreqClient.ConnectAsync(transport, new SysreqClientOptions { AllowPipelining = pipelining });
    var system = new RemoteSystem(client);
    ByteString[] paths = [.. Enumerable.Repeat<ByteString>($"/proc/{client.Pid}/stat", Files)];
    await ReadTogetherAsync(system, paths[..1]);
    using (await client.Scratch.RentAsync(4 << 20))
    {
        // Connecting, mapping memory and asking for the limit of open files are not what is measured.
    }

    var before = client.Completed;
    var start = Stopwatch.GetTimestamp();
    var bytes = await read(system, paths);
    var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    if (bytes < Files * 50)
        throw new InvalidOperationException($"{bytes} bytes are not {Files} stat files");

    var trips = seconds / (2 * oneWay.TotalSeconds);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {how} | {client.Completed - before} | {seconds:0.000} | {trips:0.0} |"));
}

static async Task<int> ReadTogetherAsync(RemoteSystem system, ByteString[] paths)
{
    var bytes = 0;
    await foreach (var content in system.ReadFilesAsync(paths, 4096))
        bytes += content.Bytes.Length;

    return bytes;
}

static async Task<int> ReadEachAsync(RemoteSystem system, ByteString[] paths)
{
    var bytes = 0;
    foreach (var path in paths)
        bytes += (await system.ReadFileAsync(path)).Length;

    return bytes;
}
