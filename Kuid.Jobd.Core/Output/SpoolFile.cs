using Kuid.Jobd.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Jobd.Core.Output;

/// <summary>
/// A file that output overflows into: without a name where the file system can do that, so that it vanishes with the daemon,
/// else under a name that goes with this object. It owns the handle and the name, until the file is kept for good.
/// </summary>
internal sealed class SpoolFile : IDisposable
{
    private string? _name;

    internal SpoolFile(SafeFileHandle handle, string? name = null)
    {
        Handle = handle;
        _name = name;
    }

    /// <summary>The open file.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>Keeps the file under a path of the same file system; the handle stays good for those who read from it.</summary>
    /// <exception cref="IOException">It cannot be given that name.</exception>
    internal void KeepAs(string path)
    {
        if (_name is null)
        {
            LibcFiles.Link(Handle, path);
        }
        else
        {
            File.Move(_name, path);
            _name = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Handle.Dispose();
        if (_name is not null)
        {
            File.Delete(_name);
        }
    }
}
