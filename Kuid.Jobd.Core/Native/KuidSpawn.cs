using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>The spawn shim, <c>libkuidspawn.so</c>; the shapes are those of <c>daemon-c/spawn.h</c>, which explains them.</summary>
internal static partial class KuidSpawn
{
    /// <summary>"Leave the soft NOFILE as it is" in a request.</summary>
    internal const ulong KeepNofile = ulong.MaxValue;

    /// <summary>"Leave this limit as it is" in the limits of a request.</summary>
    internal const ulong KeepLimit = ulong.MaxValue;

    /// <summary>Stdin is a terminal and becomes the session's own.</summary>
    internal const uint OnTerminal = 1;

    /// <summary>The process is the parent of its orphaned descendants.</summary>
    internal const uint Subreaper = 2;

    /// <summary>Its oom_score_adj is 0 and not the daemon's.</summary>
    internal const uint PlainOom = 4;

    /// <summary>It is scheduled as most processes are and not as the daemon.</summary>
    internal const uint PlainScheduling = 8;

    /// <summary>Of an isolation: no more rights by executing something.</summary>
    internal const uint NoNewPrivs = 1;

    /// <summary>Of an isolation: uid, gid and groups, and no capability.</summary>
    internal const uint AsUser = 2;

    /// <summary>Of an isolation: the umask.</summary>
    internal const uint WithUmask = 4;

    /// <summary>Of an isolation: a descriptor that becomes 3 and stays open.</summary>
    internal const uint WithReport = 16;

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Request
    {
        internal byte** Paths;
        internal byte** Argv;
        internal byte** Envp;
        internal byte* Cwd;
        internal fixed int Stdio[3];
        internal uint Flags;
        internal ulong NofileSoft;
        internal int DieWith;
        internal int Reserved;
        internal Limits* Limits;
        internal int CgroupFd;
        internal int CgroupReserved;
        internal Isolation* Isolation;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Limits
    {
        internal ulong Cpu;
        internal ulong As;
        internal ulong Fsize;
        internal ulong Nofile;
        internal ulong Nproc;
        internal ulong Core;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Isolation
    {
        internal uint Flags;
        internal uint Umask;
        internal uint Uid;
        internal uint Gid;
        internal uint* Groups;
        internal uint GroupCount;
        internal int Report;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Reply
    {
        internal int Pid;
        internal int PidFd;
        internal int Step;
        internal int Error;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Exit
    {
        internal int WaitStatus;
        internal int Reserved;
        internal long UserMicroseconds;
        internal long SystemMicroseconds;
        internal long MaxRssBytes;
    }

    /// <summary>The keeper of a job, as <c>daemon-c/keep.h</c> has it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal unsafe struct Keeper
    {
        internal byte* Path;
        internal byte** Argv;
        internal byte** Envp;
        internal int Log;
        internal fixed int Output[2];
        internal int Pid;
        internal int PidFd;
        internal int Reserved;
    }

    [LibraryImport("kuidspawn", EntryPoint = "kuid_spawn_kept")]
    internal static partial int SpawnKept(in Request request, ref Keeper keeper, out Reply reply);

    [LibraryImport("kuidspawn", EntryPoint = "kuid_spawn")]
    internal static partial int Spawn(in Request request, out Reply reply);

    [LibraryImport("kuidspawn", EntryPoint = "kuid_reap")]
    internal static partial int Reap(SafeFd pidFd, out Exit exit);

    [LibraryImport("kuidspawn", EntryPoint = "kuid_signal")]
    internal static partial int Signal(SafeFd pidFd, int signal);
}
