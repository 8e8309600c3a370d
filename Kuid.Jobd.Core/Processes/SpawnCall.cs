using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes.Isolation;

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
        return Execute(spec, stdio, inherited, envp, new SpawnPlace(cgroup, IsSubreaper: false, HasPlainOom: false));
    }

    internal static (int Pid, SafeFd PidFd) Execute(
        ProcessSpec spec, Stdio stdio, InheritedEnvironment inherited, NativeStrings inheritedEnvp, SpawnPlace place, KeeperCall? keeper = null)
    {
        IReadOnlyList<byte[]>? environment = spec.EnvironmentOn(inherited);
        IReadOnlyList<byte[]> candidates = ProgramPath.Candidates(spec.Program, environment ?? inherited.Variables);
        if (spec.Isolation?.Sandbox is null)
        {
            return Execute(spec, stdio, inherited, candidates, environment, inheritedEnvp, place, report: null, keeper);
        }

        if (keeper is not null)
        {
            throw new IsolationException(Jobs.JobService.StrictDies);
        }

        (SafeFd ours, SafeFd theirs) = SandboxPair(spec);
        using (ours)
        {
            (int Pid, SafeFd PidFd) started;
            using (theirs)
            {
                ProcessSpec program = SandboxCall.Program(spec.Isolation.Sandbox) with { Isolation = spec.Isolation, Limits = spec.Limits };
                started = Execute(program, stdio, inherited, [program.Program], [], inheritedEnvp, place, theirs);
            }

            if (SandboxCall.Execute(ours, spec, environment ?? inherited.Variables, candidates) is not { } failed)
            {
                return started;
            }

            // It has ended, or is about to.
            LibcProcess.WaitFor(started.Pid);
            started.PidFd.Dispose();
            throw Failure(spec, failed.Step, failed.Errno);
        }
    }

    private static unsafe (int Pid, SafeFd PidFd) Execute(
        ProcessSpec spec, Stdio stdio, InheritedEnvironment inherited, IReadOnlyList<byte[]> candidates, IReadOnlyList<byte[]>? environment,
        NativeStrings inheritedEnvp, SpawnPlace place, SafeFd? report, KeeperCall? keeper = null)
    {
        using var paths = new NativeStrings(candidates);
        using var argv = new NativeStrings(spec.Argv);
        using NativeStrings? envp = environment is null ? null : new NativeStrings(environment);
        using NativeStrings? cwd = spec.WorkingDirectory is null ? null : new NativeStrings([spec.WorkingDirectory]);

        KuidSpawn.Limits limits = LimitValues.Of(spec.Limits);
        KuidSpawn.Isolation isolation = IsolationValues.Of(spec.Isolation, report);
        var request = new KuidSpawn.Request
        {
            Paths = paths.Pointer,
            Argv = argv.Pointer,
            Envp = (envp ?? inheritedEnvp).Pointer,
            Cwd = cwd is null ? null : cwd.Pointer[0],
            Flags = (stdio.IsTerminal ? KuidSpawn.OnTerminal : 0) | (place.IsSubreaper ? KuidSpawn.Subreaper : 0) | (place.HasPlainOom ? KuidSpawn.PlainOom : 0)
                | (inherited.HasPlainScheduling ? KuidSpawn.PlainScheduling : 0),
            NofileSoft = inherited.NofileSoft ?? KuidSpawn.KeepNofile,
            DieWith = spec.EndsWithDaemon ? Environment.ProcessId : 0,
            Limits = spec.Limits is null ? null : &limits,
            CgroupFd = place.Cgroup?.Number ?? 0,
            Isolation = spec.Isolation is null ? null : &isolation,
        };
        request.Stdio[0] = stdio.Stdin.Number;
        request.Stdio[1] = stdio.Stdout.Number;
        request.Stdio[2] = stdio.Stderr.Number;

        KuidSpawn.Reply reply;
        fixed (uint* groups = IsolationValues.GroupsOf(spec.Isolation))
        {
            isolation.Groups = groups;
            if ((keeper is null ? KuidSpawn.Spawn(in request, out reply) : keeper.Spawn(in request, out reply)) == 0)
            {
                return (reply.Pid, new SafeFd(reply.PidFd));
            }
        }

        throw Failure(spec, (SpawnStep)reply.Step, reply.Error);
    }

    private static (SafeFd Ours, SafeFd Theirs) SandboxPair(ProcessSpec spec)
    {
        try
        {
            (SafeFd ours, SafeFd theirs) = LibcSocket.Pair();
            LibcIo.MakeBlocking(ours);
            LibcIo.MakeBlocking(theirs);
            return (ours, theirs);
        }
        catch (NativeException e)
        {
            throw Failure(spec, SpawnStep.Pipe, e.Errno);
        }
    }

    private static SpawnException Failure(ProcessSpec spec, SpawnStep step, int errno)
    {
        string target = ProgramPath.Display(spec.Program);
        return new SpawnException(step, errno, step switch
        {
            SpawnStep.Chdir => $"{ProgramPath.Display(spec.WorkingDirectory!)} to run {target}",
            >= SpawnStep.LimitCpu and <= SpawnStep.LimitCore => $"{LimitValues.Describe(step, LimitValues.Of(spec.Limits))} for {target}",
            >= SpawnStep.Bounding and <= SpawnStep.Proc => IsolationValues.Describe(step, spec.Isolation!, target),
            _ => target,
        });
    }
}

/// <summary>What holds a process and its descendants together from its first instruction on.</summary>
/// <param name="Cgroup">The cgroup that it starts in, which its owner keeps open; null for the daemon's.</param>
/// <param name="IsSubreaper">Whether its orphaned descendants become its children.</param>
/// <param name="HasPlainOom">Whether its oom_score_adj is 0 and not the daemon's.</param>
internal readonly record struct SpawnPlace(SafeFd? Cgroup, bool IsSubreaper, bool HasPlainOom);
