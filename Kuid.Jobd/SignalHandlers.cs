using System.Runtime.InteropServices;

namespace Kuid.Jobd;

/// <summary>
/// What signals mean: TERM, INT and QUIT stop, a second one hurries, HUP reloads, and the others that would end or stop a
/// process by default do nothing. It owns the registrations.
/// </summary>
internal sealed class SignalHandlers : IDisposable
{
    // SIGUSR1, SIGUSR2, SIGALRM, SIGXFSZ (a file that outgrows its limit): .NET has no names for them and takes their numbers.
    private static readonly PosixSignal[] Meaningless =
        [(PosixSignal)10, (PosixSignal)12, (PosixSignal)14, (PosixSignal)25,
            PosixSignal.SIGTTIN, PosixSignal.SIGTTOU, PosixSignal.SIGTSTP];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TaskCompletionSource<string> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SignalHandlers()
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
        {
            On(signal, context =>
            {
                if (!_stop.TrySetResult(context.Signal.ToString()))
                {
                    _hurry.TrySetResult();
                }
            });
        }

        On(PosixSignal.SIGHUP, _ => Reload?.Invoke());
        foreach (PosixSignal signal in Meaningless)
        {
            On(signal, context => Ignored?.Invoke(context.Signal.ToString()));
        }
    }

    /// <summary>Completes with the name of the first signal that asks to stop.</summary>
    internal Task<string> Stop => _stop.Task;

    /// <summary>Completes with the second one.</summary>
    internal Task Hurry => _hurry.Task;

    /// <summary>What SIGHUP does, once the daemon can do it.</summary>
    internal Action? Reload { get; set; }

    /// <summary>Told of the signals that mean nothing.</summary>
    internal Action<string>? Ignored { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void On(PosixSignal signal, Action<PosixSignalContext> handler) =>
        _registrations.Add(PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            handler(context);
        }));
}
