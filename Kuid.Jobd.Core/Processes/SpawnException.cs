namespace Kuid.Jobd.Core.Processes;

/// <summary>A process that did not start: the step that failed and the error number it failed with.</summary>
/// <param name="step">Where in the way to exec.</param>
/// <param name="errno">Why.</param>
/// <param name="target">What the step worked on: the program, the directory, the limit.</param>
public sealed class SpawnException(SpawnStep step, int errno, string target)
    : IOException($"{Name(step)} {target}: {Native.Errno.Describe(errno)}")
{
    /// <summary>Where in the way to exec.</summary>
    public SpawnStep Step { get; } = step;

    /// <summary>Why.</summary>
    public int Errno { get; } = errno;

    private static string Name(SpawnStep step) => step switch
    {
        SpawnStep.Pipe => "pipe2 for",
        SpawnStep.Clone => "clone for",
        SpawnStep.Session => "setsid for",
        SpawnStep.ParentDeath => "prctl PDEATHSIG for",
        SpawnStep.Signals => "reset the signals for",
        SpawnStep.Stdio => "dup2 the stdio of",
        SpawnStep.CloseRange => "close_range for",
        SpawnStep.Nofile => "setrlimit NOFILE for",
        SpawnStep.Chdir => "chdir for",
        SpawnStep.LimitCpu => "setrlimit CPU to",
        SpawnStep.LimitAs => "setrlimit AS to",
        SpawnStep.LimitFsize => "setrlimit FSIZE to",
        SpawnStep.LimitNofile => "setrlimit NOFILE to",
        SpawnStep.LimitNproc => "setrlimit NPROC to",
        SpawnStep.LimitCore => "setrlimit CORE to",
        SpawnStep.Cgroup => "take a cgroup for",
        SpawnStep.Orphans => "prctl CHILD_SUBREAPER for",
        SpawnStep.Oom => "write oom_score_adj of",
        SpawnStep.Terminal => "TIOCSCTTY for",
        SpawnStep.Keeper => "exec kuid-keeper for",
        SpawnStep.Bounding => "prctl CAPBSET_DROP for",
        SpawnStep.Groups => "setgroups for",
        SpawnStep.GroupId => "setresgid for",
        SpawnStep.UserId => "setresuid for",
        SpawnStep.Capabilities => "capset for",
        SpawnStep.NoNewPrivs => "prctl NO_NEW_PRIVS for",
        SpawnStep.Umask => "umask for",
        SpawnStep.Sandbox => "kuid-sandbox for",
        SpawnStep.Unshare => "unshare for",
        SpawnStep.UserMap => "uid_map for",
        SpawnStep.Detach => "mount MS_PRIVATE for",
        SpawnStep.Writable => "mount the writable folders for",
        SpawnStep.ReadOnly => "mount_setattr RDONLY for",
        SpawnStep.Temporary => "mount tmpfs for",
        SpawnStep.Hide => "hide the daemon's files from",
        SpawnStep.Loopback => "raise the loopback interface for",
        SpawnStep.Fork => "fork for",
        SpawnStep.Proc => "mount proc for",
        SpawnStep.Exec => "exec",
        _ => $"step {(int)step} of starting",
    };
}
