using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Fanos;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>A connection to a superserver's registry: messages both ways, with descriptors from there.</summary>
internal sealed class RegistryConnection : IDisposable
{
    /// <summary>What this program understands.</summary>
    internal const string Version = "1";

    private readonly Descriptor _socket;
    private readonly FanosReader _reader;
    private readonly SemaphoreSlim _writing = new(1, 1);

    private RegistryConnection(Descriptor socket)
    {
        _socket = socket;
        _reader = new FanosReader(socket, RegistryMessage.MaxBytes);
    }

    /// <summary>Connects.</summary>
    /// <exception cref="NativeException">ENOENT and ECONNREFUSED when there is no superserver, EACCES.</exception>
    internal static RegistryConnection Open(Reactor reactor, string path)
    {
        SafeFd socket = LibcSocket.ConnectUnix(path);
        try
        {
            return new RegistryConnection(new Descriptor(reactor, socket, EpollEvents.In | EpollEvents.Out));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next message.</summary>
    /// <returns>The message and its descriptor, which is the caller's; null when the superserver has gone.</returns>
    /// <exception cref="FanosException">What came is no message.</exception>
    internal async Task<(RegistryMessage Message, SafeFd? Descriptor)?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            using FanosMessage? message = await _reader.ReadAsync(cancellation);
            if (message is null)
            {
                return null;
            }

            var read = RegistryMessage.Parse(message.Payload);
            return message.Descriptors.Count == 1 ? (read, message.TakeDescriptors()[0]) : (read, null);
        }
        catch (NativeException)
        {
            return null;
        }
    }

    /// <summary>Sends a message. When the superserver has gone nobody takes it, which the reader finds out.</summary>
    internal async Task SendAsync(RegistryMessage message)
    {
        await _writing.WaitAsync();
        try
        {
            await FanosWriter.WriteAsync(_socket, message.ToPayload(), []);
        }
        catch (Exception e) when (e is NativeException or ObjectDisposedException)
        {
            // What it was about has gone with the superserver.
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
