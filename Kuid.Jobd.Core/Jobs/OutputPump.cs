using System.Buffers;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>Moves one stream from its pipe to the log until the last holder of the pipe closes it.</summary>
internal static class OutputPump
{
    // The default of F_SETPIPE_SZ(2).
    private const int PipeBytes = 64 * 1024;

    // For streams of which much comes: a pipe of four times the size is waited for a tenth as often, and what is larger is no faster.
    private const int WidePipeBytes = 256 * 1024;

    // What lies in a pipe is memory of the kernel's.
    private const int WidePipesAtMost = 64;

    // How many buffers one job may move before it lets the others have the thread.
    private const int BuffersPerTurn = 16;

    private static int _widePipes;

    // What may still lie in a pipe when it is not waited for any longer (the default of F_SETPIPE_SZ(2)).
    private const int LateBytes = 64 * 1024;

    /// <summary>Runs until the end of the stream, or until nobody waits for it any longer.</summary>
    /// <returns>Whether it was the end.</returns>
    internal static async Task<bool> RunAsync(Job job, Descriptor pipe, OutputStream stream, CancellationToken over)
    {
        bool isWide = false;
        try
        {
            int n = LibcIo.WouldBlock;
            while (n != 0)
            {
                await pipe.ReadableAsync(over);
                isWide = isWide || (!pipe.IsForLittle && TryWiden(pipe));
                n = await MoveAvailableAsync(job, pipe, stream, isWide ? WidePipeBytes : PipeBytes, over);
            }

            pipe.Dispose();
            return true;
        }
        catch (OperationCanceledException)
        {
            // Somebody still holds the pipe.
            return false;
        }
        catch (Exception e)
        {
            // There is no room for the output, and the job is ended. The pipe stays open until it has its signal: at a closed
            // one the writer alone would die, and a script would go on to its next command.
            job.RequestEnd(JobReason.OutputLimit, e.Message);
            return false;
        }
        finally
        {
            if (isWide)
            {
                Interlocked.Decrement(ref _widePipes);
            }
        }
    }

    // Programs write some thousand bytes at a time: what is taken together is written together.
    private static (int Bytes, int Last) ReadAll(Descriptor pipe, Span<byte> buffer)
    {
        int all = 0, n;
        while ((n = pipe.TryRead(buffer[all..])) > 0 && (all += n) < buffer.Length)
        {
        }

        return (all, n);
    }

    private static bool TryWiden(Descriptor pipe)
    {
        if (Interlocked.Increment(ref _widePipes) <= WidePipesAtMost && LibcIo.TryResizePipe(pipe.Fd, WidePipeBytes))
        {
            return true;
        }

        Interlocked.Decrement(ref _widePipes);
        return false;
    }

    // The buffer is rented only while there is something to read: an idle job holds none.
    private static async ValueTask<int> MoveAvailableAsync(Job job, Descriptor pipe, OutputStream stream, int most, CancellationToken over)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            int late = 0;
            bool isLittle = pipe.IsForLittle;
            for (int turn = 1; ; turn++)
            {
                int room = await job.Output.RoomAsync(stream, buffer.Length, job.EndRequested);
                (int n, int last) = ReadAll(pipe, buffer.AsSpan(0, room));
                if (n == 0)
                {
                    return last;
                }

                if (pipe.IsForLittle && !job.Output.StaysInMemory(stream, n))
                {
                    // On the reactor nobody waits for a disk.
                    pipe.BecomeForMuch();
                    isLittle = false;
                    await Task.Yield();
                }

                job.Output.Append(stream, buffer.AsSpan(0, n));
                if (job.Spec.OutputLimit is { } limit && job.Output.Produced(stream) - job.AttemptOffset(stream) > limit)
                {
                    throw new IOException($"more than {limit} bytes of output");
                }

                // Whoever holds the pipe may write for ever; what was there already is taken.
                late += over.IsCancellationRequested ? n : 0;
                if (late >= LateBytes)
                {
                    over.ThrowIfCancellationRequested();
                }

                if (last <= 0)
                {
                    return last;
                }

                if (turn % BuffersPerTurn == 0 || isLittle != pipe.IsForLittle)
                {
                    isLittle = false;
                    await Task.Yield();
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
