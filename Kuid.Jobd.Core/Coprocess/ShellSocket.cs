using System.Buffers.Binary;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Coprocess;

/// <summary>The daemon's end of the socket to the shim in a shell; <c>daemon-c/coprocess.c</c> has the other side.</summary>
/// <param name="socket">It becomes this object's.</param>
/// <param name="processEnded">
/// Cancelled when the shell has exited. The end of the socket alone does not tell: subshells that go on have copies of it.
/// </param>
internal sealed class ShellSocket(Descriptor socket, CancellationToken processEnded) : IDisposable
{
    private const int RequestSize = 4;
    private const int ReportSize = 8;
    private const int OnTerminal = 1;

    /// <summary>Sends a text and the descriptors that it is evaluated on.</summary>
    /// <returns>Whether the shell is still there to take it.</returns>
    internal async ValueTask<bool> SendAsync(SafeFd text, Stdio stdio, bool onTerminal)
    {
        byte[] request = new byte[RequestSize];
        BinaryPrimitives.WriteInt32LittleEndian(request, onTerminal ? OnTerminal : 0);
        try
        {
            while (LibcSocket.SendMessage(socket.Fd, request, [stdio.Stdin, stdio.Stdout, stdio.Stderr, text]) == LibcIo.WouldBlock)
            {
                await socket.WritableAsync(processEnded);
            }

            return true;
        }
        catch (NativeException e) when (e.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Waits for a report.</summary>
    /// <returns>The report, or null when none comes any more: the shell has exited, or has become another program.</returns>
    internal async ValueTask<ShellReport?> NextReportAsync()
    {
        byte[] report = new byte[ReportSize];
        try
        {
            int n;
            while ((n = socket.TryRead(report)) == LibcIo.WouldBlock)
            {
                await socket.ReadableAsync(processEnded);
            }

            return n == 0 ? null : Parse(report);
        }
        catch (OperationCanceledException)
        {
            // It may have reported just before it was killed.
            return socket.TryRead(report) > 0 ? Parse(report) : null;
        }
        catch (NativeException e) when (e.Errno == Errno.ECONNRESET)
        {
            return null;
        }
    }

    /// <summary>Ends the shell's input, and with it the shell once it waits for a text.</summary>
    internal void EndInput() => LibcSocket.Shutdown(socket.Fd);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    // The shim sends each report with one call, and these bytes are never so many that one is cut.
    private static ShellReport Parse(ReadOnlySpan<byte> report) => new(
        (ShellReportKind)BinaryPrimitives.ReadInt32LittleEndian(report), BinaryPrimitives.ReadInt32LittleEndian(report[4..]));
}
