using System.Collections.Frozen;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// Which calls a thread of a runtime can make for a client, and which it must not. Refused with ENOSYS is what a runtime does not
/// survive: a fork has one thread and no garbage collector, an execve ends everything, signal handlers and thread registers are the
/// runtime's, and so are the limits, which have no thread. So remote programs need a server process. Mappings may be changed only
/// where this connection made them. exit, and closing descriptor 3, end the connection, as they do with a server.
/// </summary>
internal sealed class LocalCalls
{
    private const int MapFixed = 0x10;
    private const int MapAnonymous = 0x20;
    private const int MapFixedNoReplace = 0x100000;
    private const int CloseRangeCloseOnExec = 4;

    private static readonly string[] RefusedNames =
    [
        "clone", "clone3", "fork", "vfork", "execve", "execveat",
        "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "sigaltstack",
        "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "brk", "shmat", "shmdt", "remap_file_pages", "userfaultfd", "setrlimit",
    ];

    // Calls whose first argument is a descriptor that they change, duplicate or move bytes through.
    private static readonly string[] DescriptorNames =
    [
        "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "ftruncate", "fallocate",
        "dup", "dup2", "dup3", "fcntl", "close", "sendfile", "splice", "copy_file_range", "ioctl",
    ];

    private readonly FrozenSet<long> _refused;
    private readonly FrozenSet<long> _byDescriptor;
    private IReadOnlyList<int> _guarded = [];
    private readonly List<(long Start, long Length)> _mappings = [];
    private readonly long _mmap, _munmap, _mremap, _mprotect, _madvise, _exit, _exitGroup, _close, _closeRange, _dup2, _dup3, _prlimit;

    public LocalCalls(Architecture machine)
    {
        Machine = machine;
        _refused = RefusedNames.Select(name => machine.FindCall(name)?.Number).OfType<long>().ToFrozenSet();
        _byDescriptor = DescriptorNames.Select(name => machine.FindCall(name)?.Number).OfType<long>().ToFrozenSet();
        _mmap = Number("mmap");
        _munmap = Number("munmap");
        _mremap = Number("mremap");
        _mprotect = Number("mprotect");
        _madvise = Number("madvise");
        _exit = Number("exit");
        _exitGroup = Number("exit_group");
        _close = Number("close");
        _closeRange = Number("close_range");
        _dup2 = Number("dup2");
        _dup3 = Number("dup3");
        _prlimit = Number("prlimit64");
    }

    /// <summary>The machine that this process runs on.</summary>
    public Architecture Machine { get; }

    /// <summary>Whether a server would be gone after this call, or without its connection.</summary>
    public bool EndsConnection(long number, ReadOnlySpan<long> arguments) =>
        number == _exit
        || number == _exitGroup
        || (number == _close && (uint)arguments[0] == SysreqClient.Descriptor)
        || ((number == _dup2 || number == _dup3) && (uint)arguments[1] == SysreqClient.Descriptor)
        || (number == _closeRange
            && (uint)arguments[0] <= SysreqClient.Descriptor
            && (uint)arguments[1] >= SysreqClient.Descriptor
            && ((int)arguments[2] & CloseRangeCloseOnExec) == 0);

    /// <summary>Makes the call, or refuses it.</summary>
    public long Make(long number, ReadOnlySpan<long> a)
    {
        if (_refused.Contains(number) || SetsOwnLimit(number, a))
            return -Errno.ENOSYS.Number;

        // To lend the connection to a program is what needs a process; nothing else asks for descriptor 3.
        if (IsGuarded(number, a))
            return a[0] == SysreqClient.Descriptor ? -Errno.ENOSYS.Number : -Errno.EBADF.Number;

        if (number == _closeRange)
            return CloseRange(a);

        if (number == _mmap)
            return Map(a);

        if (number == _munmap || number == _mremap)
            return Remap(number, a);

        return (number == _mprotect || number == _madvise) && !IsMapped(a[0], a[1])
            ? -Errno.EINVAL.Number
            : LibcSyscall.Call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }

    /// <summary>Gives the connection's memory back.</summary>
    public void UnmapAll()
    {
        foreach (var (start, length) in _mappings)
            LibcSyscall.Call(_munmap, start, length);

        _mappings.Clear();
    }

    /// <summary>Keeps clients away from these descriptors: to them they are not open.</summary>
    public void Protect(IEnumerable<int> descriptors) => _guarded = [.. descriptors.Order()];

    private bool IsGuarded(long number, ReadOnlySpan<long> a) =>
        (_byDescriptor.Contains(number) && _guarded.Contains((int)a[0]))
        || ((number == _dup2 || number == _dup3) && _guarded.Contains((int)a[1]))
        || (number == _mmap && ((int)a[3] & MapAnonymous) == 0 && _guarded.Contains((int)a[4]));

    private bool SetsOwnLimit(long number, ReadOnlySpan<long> a) =>
        number == _prlimit && a[2] != 0 && ((int)a[0] == 0 || (int)a[0] == Environment.ProcessId);

    /// <summary>Closes the range but for what is guarded.</summary>
    private long CloseRange(ReadOnlySpan<long> a)
    {
        var (first, last) = ((uint)a[0], (uint)a[1]);
        foreach (uint descriptor in _guarded)
        {
            if (descriptor < first || descriptor > last)
                continue;

            var result = descriptor == first ? 0 : LibcSyscall.Call(_closeRange, first, descriptor - 1, a[2]);
            if (result != 0 || descriptor == last)
                return result;

            first = descriptor + 1;
        }

        return LibcSyscall.Call(_closeRange, first, last, a[2]);
    }

    private long Number(string name) => Machine.FindCall(name)?.Number ?? -1;

    private bool IsMapped(long start, long length) => length >= 0 && _mappings.Exists(map =>
        start >= map.Start && length <= map.Length && start - map.Start <= map.Length - length);

    private long Map(ReadOnlySpan<long> a)
    {
        if (((int)a[3] & (MapFixed | MapFixedNoReplace)) != 0)
            return -Errno.EINVAL.Number;

        var address = LibcSyscall.Call(_mmap, a[0], a[1], a[2], a[3], a[4], a[5]);
        if (Errno.Of(address) is null)
            _mappings.Add((address, a[1]));

        return address;
    }

    /// <summary>Only whole mappings of this connection, so that what is remembered stays what is mapped.</summary>
    private long Remap(long number, ReadOnlySpan<long> a)
    {
        var (start, length) = (a[0], a[1]);
        var index = _mappings.FindIndex(map => map.Start == start && map.Length == length);
        var moves = number == _mremap && (a[3] & ~1L) != 0;
        if (index < 0 || moves)
            return -Errno.EINVAL.Number;

        var result = LibcSyscall.Call(number, a[0], a[1], a[2], a[3]);
        if (Errno.Of(result) is null)
        {
            _mappings.RemoveAt(index);
            if (number == _mremap)
                _mappings.Add((result, a[2]));
        }

        return result;
    }
}
