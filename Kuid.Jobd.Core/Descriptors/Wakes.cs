namespace Kuid.Jobd.Core.Descriptors;

/// <summary>Where whoever waits for a descriptor or a process goes on when that is ready.</summary>
/// <remarks>
/// <para>
/// Constraint: a job that does little is a dozen moments of waiting, and going on on the pool costs each of them a queue, perhaps the
/// waking of a thread, and a change of context: more than what there is to do.
/// </para>
/// <para>
/// Scheme: what is short goes on where it was woken, on the thread of the <see cref="Reactor"/> or the <see cref="Processes.Spawner"/>.
/// A <see cref="Descriptor"/> over which more than a little goes leaves by itself for another reactor, one of as many as there are
/// cores, where the bytes of large output and input are moved, to and from files too.
/// </para>
/// <para>
/// Consequence: what goes on there neither blocks nor computes for long, for everybody's descriptors are waited for on that thread, and
/// takes no step that stops the reactor.
/// </para>
/// </remarks>
public enum Wakes
{
    /// <summary>On a thread of the pool; for whatever may take its time.</summary>
    OnPool,

    /// <summary>At once, on the thread that saw it.</summary>
    AtOnce,
}
