using System.Buffers;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// Copies a job's input to its stdin, no faster than the job reads. A job that reads no more is no error: the rest is read
/// and dropped, so that its sender is not stuck. An input that is cut off ends the job.
/// </summary>
internal static class InputPump
{
    // How many buffers one job may move before it lets the others have the thread.
    private const int BuffersPerTurn = 16;

    // What a client may still have on its way when its job is over: the buffers of a socket, and then some.
    private const int LateBytes = 1024 * 1024;

    /// <summary>Runs until the input has ended, or the job is over and what had arrived by then is taken.</summary>
    internal static async Task RunAsync(Job job, Descriptor stdin, CancellationToken over)
    {
        if (job.Spec.Stdin.IsEmpty)
        {
            stdin.Dispose();
            return;
        }

        using var width = new PipeWidth(stdin);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(width.Bytes);
        try
        {
            bool wanted = true;
            bool isLittle = stdin.IsForLittle;
            int late = 0;
            int n;
            for (int turn = 1; late < LateBytes && (n = await job.Spec.Stdin.ReadAsync(buffer, over)) > 0; turn++)
            {
                wanted = wanted && await TryWriteAsync(stdin, buffer.AsMemory(0, n), over);
                late += over.IsCancellationRequested ? n : 0;
                if (wanted && width.TryWiden())
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(width.Bytes);
                }

                // Where reading and writing never wait, nothing else would give the thread back.
                if (turn % BuffersPerTurn == 0 || isLittle != stdin.IsForLittle)
                {
                    isLittle = false;
                    await Task.Yield();
                }
            }

            stdin.Dispose();
        }
        catch (JobInputCutException)
        {
            // The pipe stays open until the job has its signal: at an end of file a script would go on to its next command.
            job.RequestEnd(JobReason.Stdin);
        }
        catch (OperationCanceledException)
        {
            // The job is over; what has not arrived by now was not waited for.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<bool> TryWriteAsync(Descriptor stdin, ReadOnlyMemory<byte> bytes, CancellationToken over)
    {
        try
        {
            await stdin.WriteAsync(bytes, over);
            return true;
        }
        catch (NativeException)
        {
            // EPIPE: the job, and whoever else had the other end, reads no more.
            stdin.Dispose();
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
