using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes;

/// <summary>The one call of the shim that starts a process; it blocks until the process has executed.</summary>
public static class SpawnCall
{
    /// <summary>Starts a process of its own session with the given descriptors as its stdio and nothing else open.</summary>
    /// <returns>Its pid and a pidfd, which is the caller's.</returns>
    /// <exception cref="SpawnException">It could not be started; nothing of it is left.</exception>
    public static (int Pid, SafeFd PidFd) Execute(ProcessSpec spec, Stdio stdio, InheritedEnvironment inherited) =>
        Execute(spec, stdio, inherited, cgroup: null);

    /// <summary>The same, in a cgroup.</summary>
    internal static (int Pid, SafeFd PidFd) Execute(ProcessSpec spec, Stdio stdio, InheritedEnvironment inherited, SafeFd? cgroup)
    {
        ArgumentNullException.ThrowIfNull(inherited);
        using var envp = new NativeStrings(inherited.Variables);
        return Execute(spec, stdio, inherited, envp, new SpawnPlace(cgroup, IsSubreaper: false));
    }

    internal static unsafe (int Pid, SafeFd PidFd) Execute(
        ProcessSpec spec, Stdio stdio, InheritedEnvironment inherited, NativeStrings inheritedEnvp, SpawnPlace place, KeeperCall? keeper = null)
    {
        string target = ProgramPath.Display(spec.Program);
        IReadOnlyList<byte[]>? environment = spec.EnvironmentOn(inherited);
        using var paths = new NativeStrings(ProgramPath.Candidates(spec.Program, environment ?? inherited.Variables));
        using var argv = new NativeStrings(spec.Argv);
        using NativeStrings? envp = environment is null ? null : new NativeStrings(environment);
        using NativeStrings? cwd = spec.WorkingDirectory is null ? null : new NativeStrings([spec.WorkingDirectory]);

        KuidSpawn.Limits limits = LimitValues.Of(spec.Limits);
        var request = new KuidSpawn.Request
        {
            Paths = paths.Pointer,
            Argv = argv.Pointer,
            Envp = (envp ?? inheritedEnvp).Pointer,
            Cwd = cwd is null ? null : cwd.Pointer[0],
            Flags = (stdio.IsTerminal ? KuidSpawn.OnTerminal : 0) | (place.IsSubreaper ? KuidSpawn.Subreaper : 0),
            NofileSoft = inherited.NofileSoft ?? KuidSpawn.KeepNofile,
            DieWith = spec.EndsWithDaemon ? Environment.ProcessId : 0,
            Limits = spec.Limits is null ? null : &limits,
            CgroupFd = place.Cgroup?.Number ?? 0,
        };
        request.Stdio[0] = stdio.Stdin.Number;
        request.Stdio[1] = stdio.Stdout.Number;
        request.Stdio[2] = stdio.Stderr.Number;

        KuidSpawn.Reply reply;
        if ((keeper is null ? KuidSpawn.Spawn(in request, out reply) : keeper.Spawn(in request, out reply)) == 0)
        {
            return (reply.Pid, new SafeFd(reply.PidFd));
        }

        var step = (SpawnStep)reply.Step;
        throw new SpawnException(step, reply.Error, step switch
        {
            SpawnStep.Chdir => $"{ProgramPath.Display(spec.WorkingDirectory!)} to run {target}",
            >= SpawnStep.LimitCpu and <= SpawnStep.LimitCore => $"{LimitValues.Describe(step, in limits)} for {target}",
            _ => target,
        });
    }
}

/// <summary>What holds a process and its descendants together from its first instruction on.</summary>
/// <param name="Cgroup">The cgroup that it starts in, which its owner keeps open; null for the daemon's.</param>
/// <param name="IsSubreaper">Whether its orphaned descendants become its children.</param>
internal readonly record struct SpawnPlace(SafeFd? Cgroup, bool IsSubreaper);
