using System.Buffers;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// A call whose caller is not there, or not with a socket: its input is the job's, and its output is kept as that of any job. To
/// the subserver it looks like every other call in framed mode.
/// </summary>
internal sealed class KeptCall(Reactor reactor) : FramedCall(reactor)
{
    internal override async Task RunAsync(Job job, CancellationToken over)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(over);
        Task input = SendAsync(job, ended.Token);
        try
        {
            await FrameCopy.RunAsync(Service!.Socket, new FrameReader(fromCaller: false), frames => KeepAsync(job, frames), over);
        }
        catch (FormatException e)
        {
            job.RequestEnd(JobReason.Unreachable, "whoever ran it: " + e.Message);
        }
        catch (IOException e)
        {
            // There is no room for the output.
            job.RequestEnd(JobReason.OutputLimit, e.Message);
        }
        catch (OperationCanceledException)
        {
            // It has had its time.
        }

        await ended.CancelAsync();
        await input;
    }

    private async Task SendAsync(Job job, CancellationToken over)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Frame.HeaderBytes + Frame.MaxPayload);
        try
        {
            Frame[] first = [.. job.Spec.Process!.Environment.Select(variable => new Frame(FrameKind.Env, variable)), Frame.Empty(FrameKind.Start)];
            bool wanted = await Service!.TryWriteAsync(FrameCopy.ToBytes(first), over);
            int n = 0;
            while (!job.Spec.Stdin.IsEmpty && (n = await job.Spec.Stdin.ReadAsync(buffer.AsMemory(Frame.HeaderBytes, Frame.MaxPayload), over)) > 0)
            {
                // A program that reads no more is no error: the rest is read and dropped, so that its sender is not stuck.
                FrameWriter.WriteHeader(buffer, FrameKind.In, n);
                wanted = wanted && await Service.TryWriteAsync(buffer.AsMemory(0, Frame.HeaderBytes + n), over);
            }

            await Service.TryWriteAsync(FrameWriter.ToBytes(Frame.Empty(FrameKind.In)), over);
        }
        catch (JobInputCutException)
        {
            job.RequestEnd(JobReason.Stdin);
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<bool> KeepAsync(Job job, IReadOnlyList<Frame> frames)
    {
        foreach (Frame frame in frames)
        {
            switch (frame.Kind)
            {
                case FrameKind.Out:
                    await KeepAsync(job, OutputStream.Stdout, frame.Payload);
                    break;
                case FrameKind.Err:
                    await KeepAsync(job, OutputStream.Stderr, frame.Payload);
                    break;
                case FrameKind.Exit or FrameKind.Error:
                    return false;
                default:
                    break;
            }
        }

        return true;
    }

    private static async ValueTask KeepAsync(Job job, OutputStream stream, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int room = await job.Output.RoomAsync(stream, bytes.Length, job.EndRequested);
            job.Output.Append(stream, bytes.Span[..room]);
            bytes = bytes[room..];
        }

        if (job.Spec.OutputLimit is { } limit && job.Output.Produced(stream) - job.AttemptOffset(stream) > limit)
        {
            throw new IOException($"more than {limit} bytes of output");
        }
    }
}
