using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Doors;

namespace Kuid.Jobd;

/// <summary>The daemon's folder, mode 0700, and the claim to it. It owns the lock.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string LockName = "lock";
    private const string LogName = "jobd.log";
    private const string SpoolName = "spool";
    private const string TokenName = "token";
    private const string HistoryName = "history.db";
    private const string OutputName = "output";
    private const string SysreqName = "sysreq.sock";
    private const string KeptName = "kept";
    private const string CallbackSecretName = "callback.secret";

    private const string CgroupName = "cgroup";

    private readonly PathLock _lock;

    private DataFolder(string path, PathLock claim)
    {
        Path = path;
        _lock = claim;
    }

    /// <summary>The folder.</summary>
    internal string Path { get; }

    /// <summary>Where the log goes when there is no terminal.</summary>
    internal string LogFile => System.IO.Path.Combine(Path, LogName);

    /// <summary>Where output goes that is too large for memory.</summary>
    internal string Spool => System.IO.Path.Combine(Path, SpoolName);

    /// <summary>The token that opens the HTTP door's TCP port.</summary>
    internal string TokenFile => System.IO.Path.Combine(Path, TokenName);

    /// <summary>The file that the history is in.</summary>
    internal string History => System.IO.Path.Combine(Path, HistoryName);

    /// <summary>Where output is kept that is too large for that file.</summary>
    internal string Output => System.IO.Path.Combine(Path, OutputName);

    /// <summary>Where the record logs are of jobs that outlive the daemon.</summary>
    internal string Kept => System.IO.Path.Combine(Path, KeptName);

    /// <summary>Where the local server of pipelines listens.</summary>
    internal string SysreqSocket => System.IO.Path.Combine(Path, SysreqName);

    /// <summary>Where the path of the directory stands in which jobs have their cgroups.</summary>
    internal string CgroupNote => System.IO.Path.Combine(Path, CgroupName);

    /// <summary>What callbacks are signed with.</summary>
    internal string CallbackSecretFile => System.IO.Path.Combine(Path, CallbackSecretName);

    /// <summary>Creates the folder or takes an existing one, if it is ours.</summary>
    /// <exception cref="StartException">It is somebody else's, used by another daemon, or no data folder.</exception>
    internal static DataFolder Open(string path)
    {
        ThrowIfFile(path);
        try
        {
            if (!Directory.Exists(path))
            {
                // The mode again, because the umask takes from the first one.
                Directory.CreateDirectory(path, OwnerOnly);
                File.SetUnixFileMode(path, OwnerOnly);
            }

            MakePrivate(path);
            PathLock claim = PathLock.TryTake(System.IO.Path.Combine(path, LockName))
                ?? throw new StartException($"{path}: another kuid-jobd uses this data folder; give this one its own with --data", ExitCode.AlreadyRunning);
            return new DataFolder(path, claim);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"data folder {path}: {e.Message}", ExitCode.System);
        }
    }

    /// <summary>Looks at what <see cref="Open"/> would look at, and changes nothing.</summary>
    /// <exception cref="StartException">It is somebody else's, or no data folder.</exception>
    internal static void ThrowIfNotOurs(string path)
    {
        ThrowIfFile(path);
        if (Directory.Exists(path))
        {
            HasToBeClosed(path);
        }
    }

    /// <summary>The token's file in a folder that is not open.</summary>
    internal static string TokenOf(string path) => System.IO.Path.Combine(path, TokenName);

    /// <summary>The history's file in such a folder.</summary>
    internal static string HistoryOf(string path) => System.IO.Path.Combine(path, HistoryName);

    /// <summary>The secret of callbacks in such a folder.</summary>
    internal static string CallbackSecretOf(string path) => System.IO.Path.Combine(path, CallbackSecretName);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void ThrowIfFile(string path)
    {
        if (File.Exists(path))
        {
            throw new StartException($"data folder {path}: is a file, not a folder", ExitCode.System);
        }
    }

    private static bool WasOurs(string path) =>
        File.Exists(System.IO.Path.Combine(path, LogName)) || Directory.Exists(System.IO.Path.Combine(path, SpoolName));

    // A folder that is open to others is closed only when it is new or was ours before: nobody means --data /tmp.
    private static void MakePrivate(string path)
    {
        if (HasToBeClosed(path))
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
    }

    private static bool HasToBeClosed(string path)
    {
        if (LibcFiles.Identify(path) is { } found && found.OwnerId != LibcFiles.EffectiveUserId())
        {
            throw new StartException($"data folder {path}: belongs to user {found.OwnerId}", ExitCode.Usage);
        }

        if ((File.GetUnixFileMode(path) & ~OwnerOnly) == UnixFileMode.None)
        {
            return false;
        }

        if (Directory.EnumerateFileSystemEntries(path).Any() && !WasOurs(path))
        {
            throw new StartException(
                $"data folder {path}: is open to others and holds other things; give a new folder or an empty one", ExitCode.Usage);
        }

        return true;
    }
}
