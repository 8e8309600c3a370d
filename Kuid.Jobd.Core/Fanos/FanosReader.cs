using System.Buffers;
using System.Globalization;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Fanos;

/// <summary>
/// Reads messages with descriptors from a Unix socket. Every byte is received with room for descriptors, because a plain read drops
/// those that come with it.
/// </summary>
/// <param name="socket">The connection, which stays the caller's.</param>
/// <param name="maxBytes">The longest payload that is taken.</param>
/// <param name="time">How long a message may take from its first byte to its last; null for as long as it likes. Between two nothing is due.</param>
public sealed class FanosReader(Descriptor socket, int maxBytes, TimeSpan? time = null)
{
    private const int MostAtOnce = 64 * 1024;

    private readonly NetstringReader _netstrings = new(maxBytes);

    /// <summary>Waits for a whole message.</summary>
    /// <returns>The message, which is the caller's to dispose; null when the peer has closed between two.</returns>
    /// <exception cref="FanosException">What came is no message; no descriptor of it is left.</exception>
    /// <exception cref="NativeException">The connection is broken.</exception>
    public async ValueTask<FanosMessage?> ReadAsync(CancellationToken cancellation = default)
    {
        var received = new List<SafeFd>();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MostAtOnce);
        bool whole = false;
        CancellationTokenSource? deadline = null;
        try
        {
            bool lost = false;
            while (true)
            {
                int n = LibcSocket.ReceiveMessage(
                    socket.Fd, buffer.AsSpan(0, Math.Min(_netstrings.Wanted, MostAtOnce)), received, out bool truncated);
                if (n == LibcIo.WouldBlock)
                {
                    if (_netstrings.IsInMessage && deadline is null && time is { } allowed)
                    {
                        deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                        deadline.CancelAfter(allowed);
                    }

                    await socket.ReadableAsync(deadline?.Token ?? cancellation);
                    continue;
                }

                if (n == 0)
                {
                    return _netstrings.IsInMessage ? throw new FanosException("the connection ended within a message") : null;
                }

                lost |= truncated;
                if (received.Count > LibcSocket.MaxDescriptors)
                {
                    throw new FanosException($"a message carries at most {LibcSocket.MaxDescriptors} descriptors");
                }

                if (_netstrings.Read(buffer.AsSpan(0, n)) is { } payload)
                {
                    whole = true;
                    return new FanosMessage(payload, received, lost);
                }
            }
        }
        catch (OperationCanceledException) when (deadline is not null && !cancellation.IsCancellationRequested)
        {
            throw new FanosException(string.Create(
                CultureInfo.InvariantCulture, $"a message has to come within {time!.Value.TotalSeconds} seconds of its first byte"));
        }
        finally
        {
            deadline?.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
            if (!whole)
            {
                received.ForEach(descriptor => descriptor.Dispose());
            }
        }
    }
}
