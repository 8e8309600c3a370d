using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Services;

/// <summary>A call that the subserver speaks frames for, over one end of a pair of sockets. It owns the other.</summary>
public abstract class FramedCall : CallStreams, IDisposable
{
    private readonly Reactor _reactor;

    private protected FramedCall(Reactor reactor) => _reactor = reactor;

    /// <inheritdoc/>
    internal override string Mode => "frames";

    /// <summary>This side, from the call's beginning on.</summary>
    private protected FramedSocket? Service { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Service?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    internal override SafeFd TakeSocket()
    {
        (Service, SafeFd there) = FramedSocket.Pair(_reactor);
        return there;
    }

    /// <inheritdoc/>
    internal override bool TrySignal(int signal)
    {
        Service?.Signal(signal);
        return Service is not null;
    }
}
