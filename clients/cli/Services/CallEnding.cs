using Kuid.Jobd.Core.Processes;

namespace Kuid.Cli.Services;

/// <summary>A wish that a call ends, whoever has it; the first one says with which signal.</summary>
internal sealed class CallEnding
{
    // What a job of the daemon gets that does not say anything else.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // After SIGKILL only a process outside the group can hold the output, and it is not waited for.
    private static readonly TimeSpan DrainAfterKill = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<int> _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hurried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the signal when somebody wants the call to end.</summary>
    internal Task<int> Requested => _requested.Task;

    /// <summary>Whether the superserver has asked for it.</summary>
    internal bool IsAsked { get; set; }

    /// <summary>Asks for the end.</summary>
    /// <param name="signal">What its processes are told with.</param>
    internal void Request(int signal) => _requested.TrySetResult(signal);

    /// <summary>Asks for it now: no grace.</summary>
    internal void Hurry()
    {
        Request(SignalNames.SIGKILL);
        _hurried.TrySetResult();
    }

    /// <summary>
    /// Ends a program as was asked: the signal, CONT (a stopped process would never see it), time to comply, then KILL, each to the whole
    /// group, which is not reaped before.
    /// </summary>
    /// <param name="over">Completes when there is nothing left to wait for.</param>
    internal async Task CarryOutAsync(ChildProcess child, Task over, TimeProvider clock)
    {
        child.SignalGroup(await Requested);
        child.SignalGroup(SignalNames.SIGCONT);
        await Task.WhenAny(over, _hurried.Task, Task.Delay(Grace, clock));
        child.SignalGroup(SignalNames.SIGKILL);
        await child.Exited;
        await Task.WhenAny(over, Task.Delay(DrainAfterKill, clock));
    }
}
