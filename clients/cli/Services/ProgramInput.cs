using System.Threading.Channels;
using Kuid.Jobd.Core.Native;

namespace Kuid.Cli.Services;

/// <summary>
/// What comes for a program's standard input, with a queue in front: a signal that comes behind it reaches a program that reads
/// nothing. When the queue is full the caller waits.
/// </summary>
internal sealed class ProgramInput
{
    // Of frames, each of which has 64 KiB at most.
    private const int Longest = 32;

    private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Longest) { SingleReader = true });

    /// <summary>Takes a piece; an empty one is the end. What comes behind the end is dropped.</summary>
    internal async ValueTask AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellation)
    {
        if (piece.IsEmpty)
        {
            _queue.Writer.TryComplete();
            return;
        }

        try
        {
            await _queue.Writer.WriteAsync(piece.ToArray(), cancellation);
        }
        catch (ChannelClosedException)
        {
            // It has ended.
        }
    }

    /// <summary>Writes it to the program until it ends, or the program reads no more, and drops the rest.</summary>
    internal async Task RunAsync(ProgramStreams streams, CancellationToken cancellation)
    {
        bool isWanted = true;
        try
        {
            await foreach (byte[] piece in _queue.Reader.ReadAllAsync(cancellation))
            {
                isWanted = isWanted && await TryAsync(streams.WriteAsync(piece, cancellation));
            }

            _ = isWanted && await TryAsync(streams.EndInputAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // The program is over.
        }
    }

    private static async ValueTask<bool> TryAsync(ValueTask write)
    {
        try
        {
            await write;
            return true;
        }
        catch (NativeException)
        {
            return false;
        }
    }
}
