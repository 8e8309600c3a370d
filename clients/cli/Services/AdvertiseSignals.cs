using System.Runtime.InteropServices;

namespace Kuid.Cli.Services;

/// <summary>What signals mean to a subserver: SIGHUP to read its file again, SIGTERM and SIGINT to leave, the second one at once.</summary>
internal sealed class AdvertiseSignals : IDisposable
{
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private readonly Func<Task> _readAgain;
    private readonly PosixSignalRegistration[] _registrations;
    private Task _reading = Task.CompletedTask;

    /// <param name="readAgain">What SIGHUP does; never twice at a time, and in the order of the signals.</param>
    internal AdvertiseSignals(Func<Task> readAgain)
    {
        _readAgain = readAgain;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, ReadAgain),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave),
        ];
    }

    /// <summary>Completes when it shall leave.</summary>
    internal Task Stop => _stop.Task;

    /// <summary>Completes when it shall do so at once.</summary>
    internal Task Hurry => _hurry.Task;

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private void ReadAgain(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            _reading = NextAsync(_reading);
        }
    }

    private async Task NextAsync(Task before)
    {
        await before;
        await Task.Run(_readAgain);
    }

    private void Leave(PosixSignalContext context)
    {
        // The third one ends it as signals do.
        context.Cancel = !_hurry.Task.IsCompleted;
        if (!_stop.TrySetResult())
        {
            _hurry.TrySetResult();
        }
    }
}
