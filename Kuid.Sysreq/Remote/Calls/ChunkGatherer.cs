using System.Buffers;
using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// Makes large pieces of small ones as long as the source has the next one ready: each piece costs a round trip, but what the source waits
/// for must not hold back what it gave. So the next piece is asked for before the last ones are passed on; if whoever takes them gives
/// up meanwhile, the source is cancelled and waited for, because nothing can be disposed in the middle of a step.
/// </summary>
internal static class ChunkGatherer
{
    /// <summary>The same bytes in pieces of at most <paramref name="largest"/>, unless a single one was larger.</summary>
    /// <remarks>A piece is valid until the next one is asked for.</remarks>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> GatherAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> chunks, int largest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var gathered = new ArrayBufferWriter<byte>();
        await using var source = chunks.GetAsyncEnumerator(giveUp.Token);
        Task<bool> next = Task.FromResult(false);
        try
        {
            while (true)
            {
                next = source.MoveNextAsync().AsTask();
                if (gathered.WrittenCount > 0 && !next.IsCompleted)
                {
                    yield return gathered.WrittenMemory;
                    gathered.ResetWrittenCount();
                }

                if (!await next)
                    break;

                if (gathered.WrittenCount > 0 && gathered.WrittenCount + source.Current.Length > largest)
                {
                    yield return gathered.WrittenMemory;
                    gathered.ResetWrittenCount();
                }

                gathered.Write(source.Current.Span);
            }

            if (gathered.WrittenCount > 0)
                yield return gathered.WrittenMemory;
        }
        finally
        {
            if (!next.IsCompleted)
            {
                await giveUp.CancelAsync();
                await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
