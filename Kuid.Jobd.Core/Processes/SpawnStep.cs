namespace Kuid.Jobd.Core.Processes;

/// <summary>The step at which starting a process failed; the numbers are the shim's (<c>daemon-c/spawn.h</c>), append only.</summary>
public enum SpawnStep
{
    /// <summary>The pipes for its stdio could not be made; this one is the daemon's own step, before the shim.</summary>
    Pipe = 0,

    /// <summary>clone(2): no memory, or too many processes.</summary>
    Clone = 1,

    /// <summary>setsid(2).</summary>
    Session = 2,

    /// <summary>Resetting the signal dispositions.</summary>
    Signals = 3,

    /// <summary>Putting descriptors 0, 1 and 2 in place.</summary>
    Stdio = 4,

    /// <summary>close_range(2), which needs Linux 5.9.</summary>
    CloseRange = 5,

    /// <summary>Setting the soft limit on open files.</summary>
    Nofile = 6,

    /// <summary>Changing to the working directory.</summary>
    Chdir = 7,

    /// <summary>execve(2): no such program, not executable, arguments too long.</summary>
    Exec = 8,

    /// <summary>Arranging that the process ends with the daemon.</summary>
    ParentDeath = 9,

    /// <summary>Limiting the CPU time.</summary>
    LimitCpu = 10,

    /// <summary>Limiting the address space.</summary>
    LimitAs = 11,

    /// <summary>Limiting the size of files.</summary>
    LimitFsize = 12,

    /// <summary>Limiting the open files, hard limit and all.</summary>
    LimitNofile = 13,

    /// <summary>Limiting the processes of the user.</summary>
    LimitNproc = 14,

    /// <summary>Limiting the size of a core dump.</summary>
    LimitCore = 15,

    /// <summary>Making a terminal the session's own.</summary>
    Terminal = 16,

    /// <summary>Starting in the job's cgroup, or making that.</summary>
    Cgroup = 20,

    /// <summary>Becoming the parent of orphaned descendants.</summary>
    Orphans = 21,

    /// <summary>Giving up the daemon's oom_score_adj.</summary>
    Oom = 22,

    /// <summary>Giving up the daemon's scheduling policy.</summary>
    Scheduling = 23,

    /// <summary>Dropping the capability bounding set, for a job of another user.</summary>
    Bounding = 25,

    /// <summary>Setting the groups of another user.</summary>
    Groups = 26,

    /// <summary>Setting the group of another user.</summary>
    GroupId = 27,

    /// <summary>Becoming another user.</summary>
    UserId = 28,

    /// <summary>Dropping all capabilities.</summary>
    Capabilities = 29,

    /// <summary>Setting no_new_privs.</summary>
    NoNewPrivs = 30,

    /// <summary>Setting the umask.</summary>
    Umask = 31,

    /// <summary>Telling kuid-sandbox what to do.</summary>
    Sandbox = 32,

    /// <summary>Making namespaces: this machine may not allow it.</summary>
    Unshare = 33,

    /// <summary>Being oneself in a user namespace.</summary>
    UserMap = 34,

    /// <summary>Detaching the mounts from the machine's.</summary>
    Detach = 35,

    /// <summary>Keeping a folder writable, or putting it back.</summary>
    Writable = 36,

    /// <summary>Making all mounts read only.</summary>
    ReadOnly = 37,

    /// <summary>Mounting an empty /tmp, /var/tmp, /dev/shm or /run.</summary>
    Temporary = 38,

    /// <summary>Hiding what is the daemon's own.</summary>
    Hide = 39,

    /// <summary>Raising the loopback interface.</summary>
    Loopback = 40,

    /// <summary>Starting the process that is PID 1 of the job, or the job.</summary>
    Fork = 41,

    /// <summary>Mounting /proc of the job's own processes.</summary>
    Proc = 42,

    /// <summary>Arranging for a keeper.</summary>
    Keeper = 50,
}
