using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Kuid.Cli;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP as things to read instead of the end. The third one has its usual effect again, so that kuid can
/// always be left, whatever the daemon does.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private const int Last = 3;

    private readonly Channel<PosixSignal> _signals = Channel.CreateUnbounded<PosixSignal>();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    internal Interrupts() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Take),
    ];

    /// <summary>The signals in their order.</summary>
    internal IAsyncEnumerable<PosixSignal> ReadAllAsync() => _signals.Reader.ReadAllAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = Interlocked.Increment(ref _count) < Last;
        _signals.Writer.TryWrite(context.Signal);
    }
}
