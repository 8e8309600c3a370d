using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>Trees without cgroups: the first process of each adopts its orphans, this process adopts what a first one leaves, and reaps it.</summary>
/// <remarks>
/// Orphans that come to this process are reaped one by one, by number, and never with wait(-1), which would take the status of a child
/// that somebody waits for. An own child is told from an orphan by being known; one that was born a moment ago may not be known yet.
/// So a number that is a zombie's and nobody's is reaped only when every spawn that was under way when it was first seen has come to its end.
/// </remarks>
public sealed class SweptTrees : IProcessTrees
{
    // After a job's end: what it has left has mostly ended with it. Later, for what lives on.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<int> _children = [];
    private readonly SortedSet<long> _starting = [];
    private readonly Dictionary<int, long> _firstSeen = [];
    private readonly Timer _timer;
    private long _taken;
    private bool _isDue;

    private SweptTrees() => _timer = new Timer(_ => Reap(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Makes this process the parent of orphans below it, for as long as it lives.</summary>
    /// <exception cref="NativeException">prctl(2) failed.</exception>
    public static SweptTrees Open()
    {
        LibcProcess.AdoptOrphans();
        return new SweptTrees();
    }

    /// <inheritdoc/>
    public IProcessTree Take()
    {
        lock (_gate)
        {
            _starting.Add(++_taken);
            return new SweptTree(this, _taken);
        }
    }

    /// <inheritdoc/>
    public IProcessTree? Adopt(int leader) => null;

    /// <summary>Nothing is left that could be told from strangers but by the pid in the history.</summary>
    public Task KillLeftAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    internal void Started(long ticket, int child)
    {
        lock (_gate)
        {
            _children.Add(child);
            _starting.Remove(ticket);
        }
    }

    internal void Released(long ticket, int? child)
    {
        lock (_gate)
        {
            _starting.Remove(ticket);
            if (child is { } pid)
            {
                _children.Remove(pid);
            }

            if (!_isDue)
            {
                _isDue = true;
                _timer.Change(Soon, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Reap()
    {
        lock (_gate)
        {
            _isDue = false;
        }

        List<ProcessEntry> own = ProcessScan.All().FindAll(p => p.Parent == Environment.ProcessId);
        lock (_gate)
        {
            List<ProcessEntry> orphans = own.FindAll(p => !_children.Contains(p.Pid));
            foreach (int gone in _firstSeen.Keys.Except(orphans.Select(p => p.Pid)).ToList())
            {
                _firstSeen.Remove(gone);
            }

            foreach (ProcessEntry orphan in orphans.Where(p => p.IsZombie))
            {
                _firstSeen.TryAdd(orphan.Pid, _taken);
                if (_starting.Count == 0 || _starting.Min > _firstSeen[orphan.Pid])
                {
                    LibcProcess.TryReap(orphan.Pid);
                    _firstSeen.Remove(orphan.Pid);
                }
            }

            if (orphans.Count > 0 && !_isDue)
            {
                _isDue = true;
                _timer.Change(_firstSeen.Count > 0 ? Soon : Later, Timeout.InfiniteTimeSpan);
            }
        }
    }
}

/// <summary>A tree of this process's making, whose orphans come here in the end.</summary>
internal sealed class SweptTree(SweptTrees trees, long ticket) : ScannedTree
{
    private int? _child;

    /// <inheritdoc/>
    public override void Started(int leader, int child)
    {
        base.Started(leader, child);
        _child = child;
        trees.Started(ticket, child);
    }

    /// <inheritdoc/>
    public override void Release(bool leftOnPurpose) => trees.Released(ticket, _child);
}
