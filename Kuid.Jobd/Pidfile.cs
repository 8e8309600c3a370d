using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd;

/// <summary>
/// The file that holds the daemon's pid, digits and nothing else, as sockproc writes it. It is removed with the object. What is
/// no pidfile, or a running daemon's, is left alone: the word beside ADDRESS is easily another file's name.
/// </summary>
internal sealed class Pidfile : IDisposable
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // More than a pid has, so that what begins with digits and goes on is none.
    private const int MostBytes = 32;

    private readonly string _path;
    private readonly FileIdentity _identity;

    private Pidfile(string path, FileIdentity identity)
    {
        _path = path;
        _identity = identity;
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="StartException">It cannot be written, is another daemon's, or is no pidfile.</exception>
    internal static Pidfile Write(string path)
    {
        try
        {
            using SafeFd file = LibcFiles.OpenOwn(path, Readable);
            FileIdentity identity = LibcFiles.Identify(file);
            if (!identity.IsRegular || !TryReadPid(file, out int pid))
            {
                throw new StartException($"pidfile {path}: exists and is no pidfile; it is left as it is", ExitCode.Usage);
            }

            if (pid != Environment.ProcessId && IsDaemon(pid))
            {
                throw new StartException($"pidfile {path}: is that of the kuid-jobd with pid {pid}, which runs", ExitCode.AlreadyRunning);
            }

            LibcFiles.Truncate(file);
            LibcFiles.WriteAt(file, Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)), offset: 0);
            return new Pidfile(path, identity);
        }
        catch (NativeException e)
        {
            throw new StartException($"pidfile {path}: {e.Message}", ExitCode.System);
        }
    }

    /// <summary>Whether a daemon may write its pid there: nothing is there yet, or what looks like a pidfile. Nothing is changed.</summary>
    /// <exception cref="StartException">Something else is there.</exception>
    internal static void ThrowIfNone(string path)
    {
        if (LibcFiles.Identify(path) is not { } found)
        {
            return;
        }

        Span<byte> content = stackalloc byte[MostBytes];
        if (found.IsRegular)
        {
            using FileStream file = File.OpenRead(path);
            content = content[..file.ReadAtLeast(content, MostBytes, throwOnEndOfStream: false)];
        }

        if (!found.IsRegular || !TryParsePid(content, out _))
        {
            throw new StartException($"pidfile {path}: exists and is no pidfile", ExitCode.Usage);
        }
    }

    /// <summary>Removes the file, unless another has taken its place.</summary>
    public void Dispose() => LibcFiles.RemoveIfSame(_path, _identity);

    /// <returns>Whether the file holds a pid or nothing, which counts as 0.</returns>
    private static bool TryReadPid(SafeFd file, out int pid)
    {
        Span<byte> content = stackalloc byte[MostBytes];
        int n = LibcIo.Read(file, content);
        return TryParsePid(content[..n], out pid);
    }

    private static bool TryParsePid(ReadOnlySpan<byte> content, out int pid)
    {
        ReadOnlySpan<byte> digits = content.TrimEnd("\r\n"u8);
        pid = 0;
        return digits.IsEmpty || int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out pid);
    }

    // /proc/PID/stat begins with "pid (comm) state"; a daemon that was killed and not collected yet is a zombie, state Z.
    private static bool IsDaemon(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat.StartsWith($"{pid} (kuid-jobd) ", StringComparison.Ordinal)
                && !stat.StartsWith($"{pid} (kuid-jobd) Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
