using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>A descriptor in the server, closed there when it is disposed.</summary>
internal sealed class RemoteFile : IAsyncDisposable
{
    private readonly RemoteSystem _system;
    private bool _closed;

    private RemoteFile(RemoteSystem system, ByteString path, int descriptor) => (_system, Path, Descriptor) = (system, path, descriptor);

    /// <summary>As it was opened.</summary>
    public ByteString Path { get; }

    /// <summary>Its number in the server.</summary>
    public int Descriptor { get; }

    /// <summary>Opens a file.</summary>
    public static async Task<RemoteFile> OpenAsync(RemoteStage stage, ByteString path, OpenFlags flags, int mode = 0x1B6) =>
        new(stage.System, path, await stage.System.OpenAsync(path, flags, mode, stage.Cancellation));

    /// <summary>Opens a file of a directory that is open.</summary>
    public static async Task<RemoteFile> OpenAtAsync(RemoteStage stage, int directory, ByteString name, OpenFlags flags) =>
        new(stage.System, name, await stage.System.OpenAtAsync(directory, name, flags, cancellationToken: stage.Cancellation));

    /// <summary>Closes it and says what the kernel says to that: some file systems tell only then that the disk is full.</summary>
    public Task CloseAsync(CancellationToken cancellation)
    {
        _closed = true;
        return _system.CloseAsync(Descriptor, cancellation);
    }

    /// <summary>Closes it if it is open still; what is wrong then is not worth more than what ended its use.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
            return;

        _closed = true;
        try
        {
            await _system.CloseAsync(Descriptor, CancellationToken.None);
        }
        catch (SysreqException)
        {
            // The descriptor is gone, whatever close says.
        }
        catch (IOException)
        {
            // The connection is lost, and its descriptors with it.
        }
    }
}
