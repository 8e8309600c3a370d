using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>
/// A socket that listens, and the claim to its path. It owns the descriptor, the lock beside the path and the path's entry;
/// it removes the entry only while that is still its own.
/// </summary>
public sealed class ListeningSocket : IDisposable
{
    /// <summary>How many connections may wait to be accepted; the kernel cuts it to net.core.somaxconn.</summary>
    public const int Backlog = 4096;

    private const string LockSuffix = ".lock";

    private readonly PathLock? _lock;
    private readonly string? _path;
    private readonly FileIdentity? _entry;

    private ListeningSocket(SafeFd fd, string name, UnixFileMode mode, PathLock? claim = null, string? path = null)
    {
        Fd = fd;
        Name = name;
        Mode = mode;
        _lock = claim;
        _path = path;
        _entry = path is null ? null : LibcFiles.Identify(path);
    }

    /// <summary>The descriptor, non-blocking.</summary>
    public SafeFd Fd { get; }

    /// <summary>The address for messages.</summary>
    public string Name { get; }

    /// <summary>Who may connect by the file's permissions; for TCP everybody.</summary>
    public UnixFileMode Mode { get; }

    /// <summary>Opens a socket at an address.</summary>
    /// <param name="mode">The permissions of a Unix socket, in force before the first connection is possible.</param>
    /// <param name="group">The group of a Unix socket; null for the process's.</param>
    /// <exception cref="StartException">Says why it cannot be had.</exception>
    public static ListeningSocket Open(SocketAddress address, UnixFileMode mode, string? group)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            return address.Path is { } path ? OpenUnix(address, path, mode, group) : OpenTcp(address);
        }
        catch (NativeException e)
        {
            throw new StartException(e.Message, ExitCode.System);
        }
    }

    /// <summary>
    /// Opens a Unix socket that several users take in turns: when the daemon of one has died another one's takes its place. What a
    /// dead one has left is removed, where the folder lets us; what answers stays.
    /// </summary>
    /// <exception cref="StartException">Says why it cannot be had.</exception>
    public static ListeningSocket OpenShared(SocketAddress address, UnixFileMode mode)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            RemoveStrangersLeavings(address);
        }
        catch (Exception e) when (e is NativeException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{address.Path}: another user's daemon has left it, and it cannot be removed: {e.Message}", ExitCode.System);
        }

        return Open(address, mode, group: null);
    }

    // The lock of another user's cannot even be looked at, but a lock belongs to a socket that answers.
    private static void RemoveStrangersLeavings(SocketAddress address)
    {
        string path = address.Path!;
        bool isTheirs = LibcFiles.Identify(path) is { IsSocket: true } socket && socket.OwnerId != LibcFiles.EffectiveUserId();
        bool lockIsTheirs = LibcFiles.Identify(path + LockSuffix) is { IsRegular: true } file && file.OwnerId != LibcFiles.EffectiveUserId();
        if ((isTheirs || lockIsTheirs) && !LibcSocket.Answers(address.EndPoint))
        {
            if (isTheirs)
            {
                File.Delete(path);
            }

            if (lockIsTheirs)
            {
                File.Delete(path + LockSuffix);
            }
        }
    }

    /// <summary>Takes over a socket that already listens (socket activation, sd_listen_fds(3)); its path is its giver's.</summary>
    /// <exception cref="StartException">It is not one.</exception>
    public static ListeningSocket Inherited(int fd)
    {
        var socket = new SafeFd(fd);
        if (!LibcSocket.Listens(socket))
        {
            throw new StartException($"LISTEN_FDS: descriptor {fd} is not a listening socket", ExitCode.Usage);
        }

        LibcIo.MakeNonBlocking(socket);
        return new ListeningSocket(socket, $"inherited descriptor {fd}", AnyPeer);
    }

    private static UnixFileMode AnyPeer => UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Removes the path's entry, if it is still this socket's; connections already made go on.</summary>
    public void RemovePath()
    {
        if (_path is not null && _entry is { } entry)
        {
            LibcFiles.RemoveIfSame(_path, entry);
        }
    }

    /// <summary>
    /// Removes the path's entry and refuses those who have looked it up already and connect only now: they would find themselves
    /// in the backlog between the last accept and the close, which resets them. Only an own Unix socket can do so. TCP drops
    /// its backlog when it is shut down, and an inherited socket would be shut down for its giver too.
    /// </summary>
    public void RefuseNewcomers()
    {
        RemovePath();
        if (_path is not null)
        {
            LibcSocket.Shutdown(Fd);
        }
    }

    /// <summary>Closes the socket and gives the path up.</summary>
    public void Dispose()
    {
        RemovePath();
        Fd.Dispose();
        _lock?.Dispose();
    }

    private static ListeningSocket OpenTcp(SocketAddress address)
    {
        SafeFd socket = LibcSocket.Bind(address.EndPoint);
        LibcSocket.Listen(socket, Backlog);
        return new ListeningSocket(socket, address.ToString(), AnyPeer);
    }

    private static ListeningSocket OpenUnix(SocketAddress address, string path, UnixFileMode mode, string? group)
    {
        uint? groupId = group is null ? null : LibcAccounts.GroupId(group)
            ?? throw new StartException($"--socket-group {group}: there is no such group", ExitCode.Usage);
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
        {
            throw new StartException($"{path}: there is no folder {folder}", ExitCode.System);
        }

        PathLock claim = PathLock.TryTake(path + LockSuffix)
            ?? throw new StartException($"{path}: another kuid-jobd has this socket", ExitCode.AlreadyRunning);
        try
        {
            RemoveStale(address, path);
            SafeFd socket = LibcSocket.Bind(address.EndPoint);
            try
            {
                return Listen(socket, path, mode, groupId, claim);
            }
            catch
            {
                File.Delete(path);
                socket.Dispose();
                throw;
            }
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    // Between bind and listen nobody can connect, so there is no moment with the wrong mode.
    private static ListeningSocket Listen(SafeFd socket, string path, UnixFileMode mode, uint? groupId, PathLock claim)
    {
        File.SetUnixFileMode(path, mode);
        if (groupId is { } id)
        {
            LibcFiles.ChangeGroup(path, id);
        }

        LibcSocket.Listen(socket, Backlog);
        return new ListeningSocket(socket, path, mode, claim, path);
    }

    /// <summary>Makes way at the path: what a killed daemon left is removed, everything else is somebody's and stays.</summary>
    private static void RemoveStale(SocketAddress address, string path)
    {
        if (LibcFiles.Identify(path) is not { } found)
        {
            return;
        }

        if (!found.IsSocket)
        {
            throw new StartException($"{path}: exists and is not a socket; it is left as it is", ExitCode.Usage);
        }

        if (found.OwnerId != LibcFiles.EffectiveUserId())
        {
            throw new StartException($"{path}: is a socket of user {found.OwnerId}; it is left as it is", ExitCode.AlreadyRunning);
        }

        if (LibcSocket.Answers(address.EndPoint))
        {
            throw new StartException($"{path}: another daemon answers on this socket", ExitCode.AlreadyRunning);
        }

        File.Delete(path);
    }
}
