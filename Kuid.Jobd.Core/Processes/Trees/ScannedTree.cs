using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>A tree that is found by looking for it. It holds nothing.</summary>
internal class ScannedTree : IProcessTree
{
    private Descendants? _descendants;

    /// <summary>The tree of a process that is about to be started.</summary>
    internal ScannedTree()
    {
    }

    /// <summary>The tree of a process that runs.</summary>
    internal ScannedTree(int leader) => _descendants = new Descendants(leader);

    /// <inheritdoc/>
    public SafeFd? Cgroup => null;

    /// <inheritdoc/>
    public bool LeaderAdoptsOrphans => true;

    /// <inheritdoc/>
    public virtual void Started(int leader, int child) => _descendants = new Descendants(leader);

    /// <inheritdoc/>
    public void Remember() => _ = _descendants?.Alive();

    /// <inheritdoc/>
    public void SignalOthers(int leader, int signal) => _descendants?.SignalOthers(signal);

    /// <inheritdoc/>
    public bool TryKill(int? leader)
    {
        _descendants?.KillOthers(leaderIsReaped: leader is null);
        return true;
    }

    /// <inheritdoc/>
    public bool IsEmpty(int leader) => _descendants is null || _descendants.Alive().Count == 0;

    /// <inheritdoc/>
    public virtual void Release(bool leftOnPurpose)
    {
        // Whatever runs in it runs on.
    }

    /// <inheritdoc/>
    public void Discard() => Release(leftOnPurpose: false);
}
