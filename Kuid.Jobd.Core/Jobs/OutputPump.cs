using System.Buffers;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>Moves one stream from its pipe to the log until the last holder of the pipe closes it.</summary>
internal static class OutputPump
{
    // How many buffers one job may move before it lets the others have the thread.
    private const int BuffersPerTurn = 16;

    // What may still lie in a pipe when it is not waited for any longer (the default of F_SETPIPE_SZ(2)).
    private const int LateBytes = 64 * 1024;

    /// <summary>Runs until the end of the stream, or until nobody waits for it any longer.</summary>
    /// <returns>Whether it was the end.</returns>
    internal static async Task<bool> RunAsync(Job job, Descriptor pipe, OutputStream stream, CancellationToken over)
    {
        using var width = new PipeWidth(pipe);
        try
        {
            int n = LibcIo.WouldBlock;
            while (n != 0)
            {
                await pipe.ReadableAsync(over);
                _ = width.TryWiden();
                n = await MoveAvailableAsync(job, pipe, stream, width.Bytes, over);
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
