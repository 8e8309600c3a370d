namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The files of this process: for a program that works for its own user.</summary>
public sealed class LocalFiles : ILocalFiles
{
    private const int BufferLength = 256 * 1024;

    /// <inheritdoc/>
    public (Stream Content, UnixFileMode Mode) OpenRead(string path)
    {
        var content = new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = BufferLength,
            Options = FileOptions.Asynchronous,
        });
        return (content, File.GetUnixFileMode(content.SafeFileHandle));
    }

    /// <inheritdoc/>
    public Stream OpenWrite(string path, UnixFileMode mode)
    {
        // A new file may be read by nobody else until its permissions are its own.
        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var content = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = BufferLength,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = Mine,
        });
        try
        {
            File.SetUnixFileMode(content.SafeFileHandle, mode);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool IsDirectory(string path) => Directory.Exists(path);
}
