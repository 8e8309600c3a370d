using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Services;

/// <summary>Where the bytes of one call come from and go to.</summary>
public abstract class CallStreams
{
    /// <summary><c>plain</c> or <c>frames</c>, for the subserver.</summary>
    internal abstract string Mode { get; }

    /// <summary>The socket that the subserver is given; called once, when the call begins.</summary>
    /// <exception cref="NativeException">There are no descriptors left.</exception>
    internal abstract SafeFd TakeSocket();

    /// <summary>Moves what there is to be moved, to the end of it or until nobody waits for it any longer; never fails.</summary>
    internal abstract Task RunAsync(Job job, CancellationToken over);

    /// <summary>Has the subserver signal the program's group.</summary>
    /// <returns>Whether it is told.</returns>
    internal virtual bool TrySignal(int signal) => false;
}
