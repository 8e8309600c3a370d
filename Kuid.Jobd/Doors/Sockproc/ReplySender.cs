using System.Buffers;
using System.Diagnostics;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>
/// Sends a reply and takes leave. A client that is gone, or takes nothing for too long, ends the sending and nothing else:
/// the job's result does not depend on who reads it.
/// </summary>
/// <param name="socket">The connection.</param>
/// <param name="patience">How long the client may take nothing.</param>
internal sealed class ReplySender(Descriptor socket, Patience patience)
{
    private const int Chunk = 64 * 1024;

    // sendfile takes at most 0x7ffff000 bytes at a time (sendfile(2)); less keeps the idle deadline meaningful.
    private const long FileChunk = 4 * 1024 * 1024;

    // How much of a file one client may be sent before it lets the others have the thread.
    private const long FileTurn = 16 * FileChunk;

    // How many buffers one client may move before it lets the others have the thread.
    private const int BuffersPerTurn = 16;

    // A client that has read the reply closes within a round trip. One that still sends what it announced gets its time anew
    // with each byte, but not for ever.
    private static readonly TimeSpan FarewellIdle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FarewellInAll = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _leave = new();
    private Task? _dropping;
    private long? _leavingSince;
    private bool _clientGone;

    /// <summary>Sends a job's result: in one piece when it is small, else stream by stream.</summary>
    internal async ValueTask SendAsync(WaitStatus status, OutputLog output)
    {
        if (!output.IsInMemory)
        {
            // On the reactor nobody waits for a disk.
            socket.BecomeForMuch();
            await Task.Yield();
        }

        long stdout = output.Produced(OutputStream.Stdout), stderr = output.Produced(OutputStream.Stderr);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            int n = ReplyWriter.WriteHead(buffer, status, stdout);
            if (n + stdout + ReplyWriter.MaxMiddle + stderr <= buffer.Length)
            {
                n += ReadAll(output, OutputStream.Stdout, buffer.AsSpan(n));
                n += ReplyWriter.WriteMiddle(buffer.AsSpan(n), stderr);
                n += ReadAll(output, OutputStream.Stderr, buffer.AsSpan(n));
                await SendAsync(buffer.AsMemory(0, n));
                return;
            }

            await SendAsync(buffer.AsMemory(0, n));
            await SendStreamAsync(output, OutputStream.Stdout, buffer);
            n = ReplyWriter.WriteMiddle(buffer, stderr);
            await SendAsync(buffer.AsMemory(0, n));
            await SendStreamAsync(output, OutputStream.Stderr, buffer);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends bytes, unless the client is gone.</summary>
    internal async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty && !_clientGone)
            {
                int n = socket.TryWrite(bytes.Span);
                if (n == LibcIo.WouldBlock)
                {
                    await WaitForRoomAsync();
                }
                else
                {
                    patience.Moved(n);
                    bytes = bytes[n..];
                }
            }
        }
        catch (NativeException)
        {
            // EPIPE, ECONNRESET: nobody is left to read it.
            _clientGone = true;
        }
    }

    /// <summary>
    /// Sends the end of the reply, then waits until the client closes too, reading and dropping what it still sends. Closing
    /// with unread bytes would reset the connection, and the client could lose the reply before it has read it.
    /// </summary>
    internal async ValueTask CloseAsync()
    {
        LibcSocket.ShutdownWrite(socket.Fd);
        _leavingSince = Stopwatch.GetTimestamp();
        _leave.CancelAfter(_clientGone ? TimeSpan.Zero : FarewellIdle);
        StartDropping();
        await _dropping!;
        _leave.Dispose();
    }

    private void StartDropping() => _dropping ??= DropAsync(_leave.Token);

    /// <summary>
    /// Reads and drops what the client sends. It runs beside the sending as soon as that has to wait: a client that first sends
    /// all it has announced, and only then reads, would wait for us as we for it.
    /// </summary>
    private async Task DropAsync(CancellationToken leave)
    {
        try
        {
            do
            {
                await socket.ReadableAsync(leave);
            }
            while (await DropAvailableAsync(leave));
        }
        catch (Exception e) when (e is NativeException or OperationCanceledException)
        {
            // Reset by the client, or it just stays: either way it has had its time.
        }
    }

    /// <returns>Whether more may come.</returns>
    private async ValueTask<bool> DropAvailableAsync(CancellationToken leave)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            int n;
            for (int turn = 1; (n = socket.TryRead(buffer)) > 0; turn++)
            {
                leave.ThrowIfCancellationRequested();
                if (_leavingSince is { } since && Stopwatch.GetElapsedTime(since) < FarewellInAll)
                {
                    _leave.CancelAfter(FarewellIdle);
                }

                if (turn % BuffersPerTurn == 0)
                {
                    await Task.Yield();
                }
            }

            return n == LibcIo.WouldBlock;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int ReadAll(OutputLog output, OutputStream stream, Span<byte> buffer)
    {
        long offset = 0;
        int n;
        while ((n = output.Read(stream, ref offset, buffer[(int)offset..])) > 0)
        {
            offset += n;
        }

        return (int)offset;
    }

    private async ValueTask SendStreamAsync(OutputLog output, OutputStream stream, byte[] buffer)
    {
        long offset = 0;
        if (output.WholeFile(stream) is { } file)
        {
            await SendFileAsync(file, output.Produced(stream));
            return;
        }

        int n;
        while (!_clientGone && (n = output.Read(stream, ref offset, buffer)) > 0)
        {
            offset += n;
            await SendAsync(buffer.AsMemory(0, n));
        }
    }

    private async ValueTask SendFileAsync(SafeFileHandle file, long count)
    {
        try
        {
            long offset = 0, turn = 0;
            while (offset < count && !_clientGone)
            {
                long n = LibcIo.SendFile(socket.Fd, file, ref offset, Math.Min(count - offset, FileChunk));
                switch (n)
                {
                    case LibcIo.WouldBlock:
                        await WaitForRoomAsync();
                        break;
                    case 0:
                        // Shorter than what was counted: somebody has cut the file, and the client reads that bytes are missing.
                        _clientGone = true;
                        break;
                    default:
                        patience.Moved(n);
                        turn += n;
                        if (turn >= FileTurn)
                        {
                            turn = 0;
                            await Task.Yield();
                        }

                        break;
                }
            }
        }
        catch (NativeException)
        {
            _clientGone = true;
        }
    }

    private async ValueTask WaitForRoomAsync()
    {
        StartDropping();
        if (!await patience.WaitAsync(socket.WritableAsync))
        {
            _clientGone = true;
        }
    }
}
