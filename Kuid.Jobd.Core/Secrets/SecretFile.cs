using System.Text;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Secrets;

/// <summary>A file with one line that only the daemon's user may have read.</summary>
public static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the line, and makes the file when there is none.</summary>
    /// <param name="what">What messages call the line: <c>token</c>.</param>
    /// <param name="make">Makes the line.</param>
    /// <exception cref="InvalidDataException">Others may have read it; the message says what to do.</exception>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public static string ReadOrMake(string path, string what, Func<string> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        if (LibcFiles.Identify(path) is null)
        {
            Make(path, make());
        }

        return Read(path, what).TrimEnd('\n');
    }

    /// <summary>Reads the whole file.</summary>
    /// <param name="what">What messages call its content.</param>
    /// <exception cref="InvalidDataException">Others may have read it; the message says what to do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Read(string path, string what)
    {
        if (LibcFiles.Identify(path) is not { IsRegular: true } file || file.OwnerId != LibcFiles.EffectiveUserId())
        {
            throw new InvalidDataException($"{path}: is not a file of the daemon's user; remove it, and a new {what} is made");
        }

        if ((File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new InvalidDataException($"{path}: others may have read this {what}; remove it, and a new one is made, or chmod 600");
        }

        return File.ReadAllText(path, Encoding.Latin1);
    }

    // Under another name first: a daemon that is killed in between leaves no half a line.
    private static void Make(string path, string line)
    {
        string unfinished = path + ".new";
        File.Delete(unfinished);
        using (var file = new FileStream(unfinished, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            file.Write(Encoding.ASCII.GetBytes(line + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: false);
    }
}
