namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>
/// The seam between those who start and end processes and what holds a process and all its descendants together, whatever sessions and
/// parents they give themselves.
/// </summary>
public interface IProcessTrees : IDisposable
{
    /// <summary>A tree for a process that is about to be started; it may block for some microseconds.</summary>
    /// <exception cref="SpawnException">There is none to be had.</exception>
    IProcessTree Take();

    /// <summary>
    /// The tree of a job that has outlived the daemon before: <see cref="KillLeftAsync"/> spares it, and its
    /// <see cref="IProcessTree.Release"/> is the caller's from here on.
    /// </summary>
    /// <param name="leader">Its first process, of which the caller knows that it is the one he means.</param>
    /// <returns>Null where nothing holds it together that is known here.</returns>
    IProcessTree? Adopt(int leader);

    /// <summary>
    /// Kills what the daemon before has left of jobs that ran, in every tree that nobody has adopted. What jobs left alive on purpose,
    /// by ending before it, goes on.
    /// </summary>
    Task KillLeftAsync();
}

/// <summary>One process and its descendants. It owns what it is held together by, until it is released.</summary>
public interface IProcessTree
{
    /// <summary>The cgroup that the process starts in; null for the daemon's.</summary>
    Native.SafeFd? Cgroup { get; }

    /// <summary>Whether the process is to be the parent of its orphaned descendants (PR_SET_CHILD_SUBREAPER).</summary>
    bool LeaderAdoptsOrphans { get; }

    /// <summary>Says that its first process has been started.</summary>
    /// <param name="leader">The first process.</param>
    /// <param name="child">The child of this process that it is or is below, which is the caller's to reap before the tree is released.</param>
    void Started(int leader, int child);

    /// <summary>Looks at who is in it, where that cannot be told any more once the leader has gone: before anything is signalled.</summary>
    void Remember();

    /// <summary>Signals those that are outside the group of the leader, who has it from elsewhere.</summary>
    /// <param name="leader">The first process, which is not reaped yet.</param>
    /// <param name="signal">Not SIGKILL: see <see cref="TryKill"/>.</param>
    void SignalOthers(int leader, int signal);

    /// <summary>Kills all of it, what is being forked too.</summary>
    /// <param name="leader">The first process, which is not reaped yet; null where it is.</param>
    /// <returns>False where it takes a descriptor, of which there is none at the moment.</returns>
    bool TryKill(int? leader);

    /// <summary>Whether no process of it is left; those that have ended and are not reaped count no more.</summary>
    /// <param name="leader">The first process, which is not reaped yet.</param>
    bool IsEmpty(int leader);

    /// <summary>Lets it go; whatever still runs in it runs on.</summary>
    /// <param name="leftOnPurpose">Whether it may go on for good: the job had ended before it, and nobody had wanted that it ends.</param>
    void Release(bool leftOnPurpose);

    /// <summary>The same for one that nothing can be started in; nobody gets it again.</summary>
    void Discard();
}

/// <summary>For who starts processes and does not care for their trees: a process group is all that is signalled.</summary>
public sealed class NoTrees : IProcessTrees, IProcessTree
{
    /// <summary>The one there is.</summary>
    public static NoTrees Instance { get; } = new();

    private NoTrees()
    {
    }

    /// <inheritdoc/>
    public Native.SafeFd? Cgroup => null;

    /// <inheritdoc/>
    public bool LeaderAdoptsOrphans => false;

    /// <inheritdoc/>
    public IProcessTree Take() => this;

    /// <inheritdoc/>
    public IProcessTree? Adopt(int leader) => null;

    /// <inheritdoc/>
    public Task KillLeftAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Started(int leader, int child)
    {
        // It is not looked for again.
    }

    /// <inheritdoc/>
    public void Remember()
    {
        // Nobody but the group is signalled.
    }

    /// <inheritdoc/>
    public void SignalOthers(int leader, int signal)
    {
        // The group is signalled by who holds its leader.
    }

    /// <inheritdoc/>
    public bool TryKill(int? leader) => true;

    /// <inheritdoc/>
    public bool IsEmpty(int leader) => true;

    /// <inheritdoc/>
    public void Release(bool leftOnPurpose)
    {
        // It holds nothing.
    }

    /// <inheritdoc/>
    public void Discard()
    {
        // It holds nothing.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // It holds nothing.
    }
}
