using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd;

/// <summary>Gives the memory back that a burst of work needed, when the daemon rests after it. It owns its thread.</summary>
/// <remarks>
/// Constraint: the collector gives memory back in the course of collections, and collects when memory is asked for. A daemon that falls
/// silent after much work asks for none, and keeps what the work took for as long as the silence lasts; some 18 MB after 3,000 jobs. The
/// runtime's compiler, which compiles anew what ran often, leaves 4 MB more to malloc.
/// Scheme: every ten seconds it is asked how much was allocated. When that was next to nothing since it was asked last, and a good deal
/// since the last time that memory was given back, everything is collected, compacted and given back, malloc's too. The start is much work.
/// Consequence: once after each burst all threads stand still for as long as that takes, some 15 ms for the heap of a few thousand jobs.
/// It has a thread of its own, for a timer would wake three others, and none of the pool is to be held up by a collection.
/// </remarks>
internal sealed class RestingMemory : IDisposable
{
    // What the doors' own timers allocate stays far below the first; the second is what the collector lets be allocated between two
    // collections (GCgen0size in launch.c): less than that is not worth standing still for.
    private const long Nothing = 64 * 1024;
    private const long Much = 4 * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Func<long> _allocated;
    private readonly Action _giveBack;
    private readonly ManualResetEvent _ending = new(initialState: false);
    private Thread? _thread;
    private long _last;
    private long _givenBackAt = -Much;

    /// <summary>One that does not look yet.</summary>
    /// <param name="allocated">How many bytes have been allocated since the process began, freed ones included.</param>
    /// <param name="giveBack">Gives back what is free.</param>
    internal RestingMemory(Func<long> allocated, Action giveBack)
    {
        _allocated = allocated;
        _giveBack = giveBack;
    }

    /// <summary>Begins to look after the memory of this process, until it is disposed.</summary>
    internal static RestingMemory Start()
    {
        var memory = new RestingMemory(
            () => GC.GetTotalAllocatedBytes(),
            () =>
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                LibcMemory.Trim();
            });
        memory._thread = new Thread(memory.Run) { IsBackground = true, Name = "kuid-memory" };
        memory._thread.Start();
        return memory;
    }

    /// <summary>Looks once, and gives memory back when this is the time for it.</summary>
    internal void Look()
    {
        long now = _allocated();
        if (now - _last < Nothing && now - _givenBackAt >= Much)
        {
            _giveBack();
            _givenBackAt = now;
        }

        _last = now;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Set();
        _thread?.Join();
        _ending.Dispose();
    }

    private void Run()
    {
        while (!_ending.WaitOne(Interval))
        {
            Look();
        }
    }
}
