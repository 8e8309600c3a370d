using System.Buffers;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Services;

/// <summary>Reads frames from a socket, and gives each to somebody before it reads on.</summary>
internal static class FrameCopy
{
    private const int ReadBytes = 64 * 1024;

    // How many buffers one call may move before it lets the others have the thread.
    private const int BuffersPerTurn = 16;

    /// <summary>Reads to the end of the connection, or until the taker has enough.</summary>
    /// <param name="takeAsync">Takes what has come, whole frames, and says whether it wants more.</param>
    /// <returns>Whether the taker had enough; false at the end of the connection, also when that comes within a frame.</returns>
    /// <exception cref="FormatException">What comes is no frame.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any longer.</exception>
    internal static async Task<bool> RunAsync(
        Descriptor socket, FrameReader reader, Func<IReadOnlyList<Frame>, ValueTask<bool>> takeAsync, CancellationToken over)
    {
        while (true)
        {
            // Some may have come with what was read before: what has come is looked for before anything is waited for.
            if (await TakeAvailableAsync(socket, reader, takeAsync) is { } enough)
            {
                return enough;
            }

            await socket.ReadableAsync(over);
        }
    }

    // The buffer is rented only while there is something to read: an idle call holds none.
    private static async ValueTask<bool?> TakeAvailableAsync(
        Descriptor socket, FrameReader reader, Func<IReadOnlyList<Frame>, ValueTask<bool>> takeAsync)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            int n;
            for (int turn = 1; (n = TryRead(socket, buffer)) > 0; turn++)
            {
                List<Frame> frames = Read(reader, buffer.AsSpan(0, n));
                if (frames.Count > 0 && !await takeAsync(frames))
                {
                    return true;
                }

                if (turn % BuffersPerTurn == 0)
                {
                    await Task.Yield();
                }
            }

            return n == 0 ? false : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Frames as bytes, to be written at once.</summary>
    internal static byte[] ToBytes(IReadOnlyList<Frame> frames)
    {
        byte[] bytes = new byte[frames.Sum(frame => Frame.HeaderBytes + frame.Payload.Length)];
        int at = 0;
        foreach (Frame frame in frames)
        {
            FrameWriter.WriteHeader(bytes.AsSpan(at), frame.Kind, frame.Payload.Length);
            frame.Payload.CopyTo(bytes.AsMemory(at + Frame.HeaderBytes));
            at += Frame.HeaderBytes + frame.Payload.Length;
        }

        return bytes;
    }

    // A connection that is broken has ended.
    private static int TryRead(Descriptor socket, byte[] buffer)
    {
        try
        {
            return socket.TryRead(buffer);
        }
        catch (Exception e) when (e is NativeException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static List<Frame> Read(FrameReader reader, ReadOnlySpan<byte> bytes)
    {
        var frames = new List<Frame>();
        while (reader.TryRead(ref bytes, out Frame frame))
        {
            // The reader uses its room again for the next one.
            frames.Add(frame with { Payload = frame.Payload.ToArray() });
        }

        return frames;
    }
}
