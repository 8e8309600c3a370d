using System.Diagnostics;
using System.Threading.Channels;
using Kuid.Sysreq.Remote;

namespace Kuid.Bench.Load;

/// <summary>
/// A link with latency and no other limit: what is written on one side comes out on the other so much later, however much else is on
/// its way. A proxy that slept for each piece would delay the second piece twice and measure itself.
/// </summary>
internal sealed class DelayedTransport(ITransport inner, TimeSpan oneWay) : ITransport
{
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        Stream far = await inner.OpenAsync(cancellationToken);
        var requests = new System.IO.Pipelines.Pipe();
        var replies = new System.IO.Pipelines.Pipe();
        _ = CarryAsync(requests.Reader.AsStream(), far);
        _ = CarryAsync(far, replies.Writer.AsStream());
        return new Ends(replies.Reader.AsStream(), requests.Writer.AsStream(), far);
    }

    private async Task CarryAsync(Stream from, Stream to)
    {
        var line = Channel.CreateUnbounded<(long Due, byte[] Bytes)>();
        Task arriving = ArriveAsync(line.Reader, to);
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and int count)
            {
                line.Writer.TryWrite((Stopwatch.GetTimestamp() + (long)(oneWay.TotalSeconds * Stopwatch.Frequency), buffer[..count]));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The connection was closed at the end of a case.
        }

        line.Writer.Complete();
        await arriving;
    }

    private static async Task ArriveAsync(ChannelReader<(long Due, byte[] Bytes)> line, Stream to)
    {
        try
        {
            await foreach ((long due, byte[] bytes) in line.ReadAllAsync())
            {
                TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left);
                }

                await to.WriteAsync(bytes);
                await to.FlushAsync();
            }

            await to.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // As above.
        }
    }

    private sealed class Ends(Stream input, Stream output, Stream far) : DuplexStream(input, output)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                far.Dispose();
            }
        }
    }
}
