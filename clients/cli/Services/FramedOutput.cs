using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>Takes what a program writes to its caller, as fast as that takes it.</summary>
internal static class FramedOutput
{
    /// <summary>Copies to the end, or until the caller has gone.</summary>
    internal static async Task RunAsync(Descriptor output, FrameKind kind, FrameChannel caller, CancellationToken cancellation)
    {
        // The header's place is in front of what is read, so that a frame is one write.
        byte[] frame = new byte[Frame.HeaderBytes + Frame.MaxPayload];
        try
        {
            int n;
            while ((n = await output.ReadAsync(frame.AsMemory(Frame.HeaderBytes), cancellation)) > 0)
            {
                FrameWriter.WriteHeader(frame, kind, n);
                await caller.WriteAsync(frame.AsMemory(0, Frame.HeaderBytes + n), cancellation);
            }
        }
        catch (NativeException)
        {
            // EIO is the end of a terminal that nobody has open any more; EPIPE the end of the caller.
        }
        catch (OperationCanceledException)
        {
            // Whoever holds it open is not waited for.
        }
    }
}
