namespace Kuid.Sysreq.Remote;

/// <summary>
/// The calls that the library makes, all of which both machines have. A name that one of them lacks ends the first use of its
/// <see cref="Architecture"/>, not some later request.
/// </summary>
internal sealed class SystemCalls(Architecture architecture)
{
    public SystemCall Read { get; } = Find(architecture, "read");
    public SystemCall Write { get; } = Find(architecture, "write");
    public SystemCall OpenAt { get; } = Find(architecture, "openat");
    public SystemCall Close { get; } = Find(architecture, "close");
    public SystemCall LSeek { get; } = Find(architecture, "lseek");
    public SystemCall GetDents { get; } = Find(architecture, "getdents64");
    public SystemCall StatX { get; } = Find(architecture, "statx");
    public SystemCall StatAt { get; } = Find(architecture, "newfstatat");
    public SystemCall ReadLinkAt { get; } = Find(architecture, "readlinkat");
    public SystemCall ChDir { get; } = Find(architecture, "chdir");
    public SystemCall GetCwd { get; } = Find(architecture, "getcwd");
    public SystemCall ChRoot { get; } = Find(architecture, "chroot");
    public SystemCall MkDirAt { get; } = Find(architecture, "mkdirat");
    public SystemCall UnlinkAt { get; } = Find(architecture, "unlinkat");
    public SystemCall RenameAt { get; } = Find(architecture, "renameat2");
    public SystemCall LinkAt { get; } = Find(architecture, "linkat");
    public SystemCall SymlinkAt { get; } = Find(architecture, "symlinkat");
    public SystemCall FChModAt { get; } = Find(architecture, "fchmodat");
    public SystemCall FChOwnAt { get; } = Find(architecture, "fchownat");
    public SystemCall UTimeNsAt { get; } = Find(architecture, "utimensat");
    public SystemCall Truncate { get; } = Find(architecture, "truncate");
    public SystemCall FAccessAt { get; } = Find(architecture, "faccessat");
    public SystemCall StatFs { get; } = Find(architecture, "statfs");
    public SystemCall UName { get; } = Find(architecture, "uname");
    public SystemCall SysInfo { get; } = Find(architecture, "sysinfo");
    public SystemCall Kill { get; } = Find(architecture, "kill");
    public SystemCall GetPid { get; } = Find(architecture, "getpid");
    public SystemCall GetUid { get; } = Find(architecture, "getuid");
    public SystemCall GetGid { get; } = Find(architecture, "getgid");
    public SystemCall GetEUid { get; } = Find(architecture, "geteuid");
    public SystemCall GetEGid { get; } = Find(architecture, "getegid");
    public SystemCall GetGroups { get; } = Find(architecture, "getgroups");
    public SystemCall PrLimit { get; } = Find(architecture, "prlimit64");
    public SystemCall ClockGetTime { get; } = Find(architecture, "clock_gettime");
    public SystemCall SysLog { get; } = Find(architecture, "syslog");
    public SystemCall SetSockOpt { get; } = Find(architecture, "setsockopt");
    public SystemCall MMap { get; } = Find(architecture, "mmap");
    public SystemCall Clone { get; } = Find(architecture, "clone");
    public SystemCall ExecVe { get; } = Find(architecture, "execve");
    public SystemCall Exit { get; } = Find(architecture, "exit");
    public SystemCall Wait4 { get; } = Find(architecture, "wait4");
    public SystemCall Pipe2 { get; } = Find(architecture, "pipe2");
    public SystemCall Dup3 { get; } = Find(architecture, "dup3");
    public SystemCall IoCtl { get; } = Find(architecture, "ioctl");
    public SystemCall FCntl { get; } = Find(architecture, "fcntl");
    public SystemCall CloseRange { get; } = Find(architecture, "close_range");
    public SystemCall PPoll { get; } = Find(architecture, "ppoll");
    public SystemCall SigAction { get; } = Find(architecture, "rt_sigaction");
    public SystemCall SigProcMask { get; } = Find(architecture, "rt_sigprocmask");
    public SystemCall SetSid { get; } = Find(architecture, "setsid");
    public SystemCall UMask { get; } = Find(architecture, "umask");

    private static SystemCall Find(Architecture architecture, string name) =>
        architecture.FindCall(name) ?? throw new InvalidOperationException($"{architecture.Name} has no {name}");
}
