using System.Runtime.InteropServices;

namespace Kuid.Sysreqd.Tests;

// The numbers of the system calls that the tests use, and the architecture as the banner names it (e_machine of ELF).
internal sealed class Abi(int machine)
{
    internal int Machine { get; } = machine;

    internal static Abi X64 { get; } = new(62)
    {
        Read = 0,
        Write = 1,
        Close = 3,
        Mmap = 9,
        Munmap = 11,
        Socket = 41,
        Clone = 56,
        Execve = 59,
        Exit = 60,
        Wait4 = 61,
        Kill = 62,
        Uname = 63,
        Fcntl = 72,
        Ptrace = 101,
        Getpid = 39,
        Getdents64 = 217,
        Openat = 257,
        Mkdirat = 258,
        Unlinkat = 263,
        Dup3 = 292,
        Pipe2 = 293,
        Prlimit64 = 302,
        Kcmp = 312,
        Seccomp = 317,
        Statx = 332,
    };

    internal static Abi Arm64 { get; } = new(183)
    {
        Read = 63,
        Write = 64,
        Close = 57,
        Mmap = 222,
        Munmap = 215,
        Socket = 198,
        Clone = 220,
        Execve = 221,
        Exit = 93,
        Wait4 = 260,
        Kill = 129,
        Uname = 160,
        Fcntl = 25,
        Ptrace = 117,
        Getpid = 172,
        Getdents64 = 61,
        Openat = 56,
        Mkdirat = 34,
        Unlinkat = 35,
        Dup3 = 24,
        Pipe2 = 59,
        Prlimit64 = 261,
        Kcmp = 272,
        Seccomp = 277,
        Statx = 291,
    };

    internal static Abi OfThisMachine => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        Architecture other => throw new NotSupportedException($"kuid-sysreqd is not for {other}"),
    };

    internal required long Read { get; init; }
    internal required long Write { get; init; }
    internal required long Close { get; init; }
    internal required long Mmap { get; init; }
    internal required long Munmap { get; init; }
    internal required long Socket { get; init; }
    internal required long Clone { get; init; }
    internal required long Execve { get; init; }
    internal required long Exit { get; init; }
    internal required long Wait4 { get; init; }
    internal required long Kill { get; init; }
    internal required long Uname { get; init; }
    internal required long Fcntl { get; init; }
    internal required long Ptrace { get; init; }
    internal required long Getpid { get; init; }
    internal required long Getdents64 { get; init; }
    internal required long Openat { get; init; }
    internal required long Mkdirat { get; init; }
    internal required long Unlinkat { get; init; }
    internal required long Dup3 { get; init; }
    internal required long Pipe2 { get; init; }
    internal required long Prlimit64 { get; init; }
    internal required long Kcmp { get; init; }
    internal required long Seccomp { get; init; }
    internal required long Statx { get; init; }

    // Since Linux 5.1 numbers are the same everywhere.
    internal const long IoUringSetup = 425;
    internal const long Openat2 = 437;
}

// Results as they are on the wire.
internal static class Errno
{
    internal const long Perm = -1;
    internal const long NoEntry = -2;
    internal const long BadFile = -9;
    internal const long Fault = -14;
    internal const long Invalid = -22;
    internal const long NoCall = -38;
}
