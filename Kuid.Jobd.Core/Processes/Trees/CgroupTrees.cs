using System.Collections.Concurrent;
using System.Globalization;
using Kuid.Jobd.Core.Native;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>
/// Trees that are cgroups (v2), all of them in one directory of this daemon's. It owns the directory and every cgroup in it.
/// </summary>
/// <remarks>
/// Making a cgroup and removing it takes as long as starting a small program. So a cgroup that is empty again when its job is over waits
/// for the next job, and only one in which something runs on is done with: it is removed when it has emptied, which is looked at once in
/// a while. What a job has left alive on purpose is marked, on the cgroup itself (an extended attribute), where a daemon that is killed
/// cannot lose it: the next one kills whatever is in a cgroup without that mark.
/// </remarks>
public sealed class CgroupTrees : IProcessTrees
{
    private const string LeftMark = "user.kuid.left";

    // More jobs at once than these are rare, and each idle cgroup is a descriptor.
    private const int IdleAtMost = 32;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly ILogger _log;
    private readonly ConcurrentStack<CgroupTree> _idle = new();
    private readonly ConcurrentDictionary<string, bool> _left = new(StringComparer.Ordinal);
    private readonly HashSet<string> _found = new(StringComparer.Ordinal);
    private readonly Timer _sweep;
    private volatile bool _isDue;
    private int _made;

    private CgroupTrees(string root, ILogger log)
    {
        (Root, _log) = (root, log);
        foreach (string path in Directory.EnumerateDirectories(root))
        {
            _found.Add(Path.GetFileName(path));
        }

        _sweep = new Timer(_ => SweepAndReturn(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The directory of all trees.</summary>
    public string Root { get; }

    /// <summary>Makes the directory, or takes it over from the daemon before, and tries it out with a process that it kills.</summary>
    /// <param name="parent">A directory of cgroup v2, of which this process may make others.</param>
    /// <param name="name">The name of the directory, which is the data folder's own.</param>
    /// <exception cref="TreesException">Something is in the way.</exception>
    public static CgroupTrees Open(string parent, string name, InheritedEnvironment inherited, ILogger log)
    {
        string root = Path.Combine(parent, name);
        int errno = LibcCgroup.Make(root);
        if (errno is not (0 or Errno.EEXIST))
        {
            throw new TreesException($"mkdir {root}: {Errno.Describe(errno)}");
        }

        try
        {
            CgroupTrial.Run(root, inherited);
            return new CgroupTrees(root, log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _ = LibcCgroup.Remove(root);
            throw e as TreesException ?? new TreesException(e.Message, e);
        }
    }

    /// <summary>What a daemon before has left in a directory of its own, which this one makes no use of; null when nothing is there.</summary>
    public static CgroupTrees? Former(string root, ILogger log) => Directory.Exists(root) ? new CgroupTrees(root, log) : null;

    /// <inheritdoc/>
    public IProcessTree Take()
    {
        if (_idle.TryPop(out CgroupTree? idle))
        {
            return idle;
        }

        while (true)
        {
            string path = PathOf(string.Create(CultureInfo.InvariantCulture, $"job{Interlocked.Increment(ref _made)}"));
            int errno = LibcCgroup.Make(path);
            if (errno == 0)
            {
                return Opened(path);
            }

            if (errno != Errno.EEXIST)
            {
                throw new SpawnException(SpawnStep.Cgroup, errno, path);
            }
        }
    }

    /// <inheritdoc/>
    public IProcessTree? Adopt(int leader)
    {
        if (NameOf(leader) is not { } name || !_found.Contains(name))
        {
            return null;
        }

        var tree = new CgroupTree(this, PathOf(name));
        _found.Remove(name);
        return tree;
    }

    /// <inheritdoc/>
    public async Task KillLeftAsync()
    {
        foreach (string name in _found)
        {
            string path = PathOf(name);
            try
            {
                if (!LibcCgroup.HasMark(path, LeftMark) && !CgroupTree.IsEmptyAt(path))
                {
                    Log.KillingLeftTree(_log, path);
                    CgroupTree.Kill(path);
                    await EmptiedAsync(path);
                }
            }
            catch (NativeException)
            {
                // It has gone meanwhile, or is no cgroup of a job.
            }

            _left[path] = true;
        }

        _found.Clear();
        SweepAndReturn();
    }

    /// <summary>Removes what is empty, the directory too if all is.</summary>
    public void Dispose()
    {
        _sweep.Dispose();
        while (_idle.TryPop(out CgroupTree? idle))
        {
            Discard(idle);
        }

        Sweep();
        _ = LibcCgroup.Remove(Root);
    }

    /// <summary>Takes a cgroup back: for the next job when it is empty, else until it is.</summary>
    internal void TakeBack(CgroupTree tree, bool leftOnPurpose)
    {
        try
        {
            if (tree.IsUnused)
            {
                if (_idle.Count < IdleAtMost)
                {
                    _idle.Push(tree);
                    return;
                }
            }
            else if (leftOnPurpose)
            {
                _ = LibcCgroup.Mark(tree.Path, LeftMark);
            }
        }
        catch (NativeException)
        {
            // Somebody else has removed it, or descriptors have run out: it is not used again.
        }

        Discard(tree);
    }

    /// <summary>Removes a cgroup as soon as it is empty.</summary>
    internal void Discard(CgroupTree tree)
    {
        tree.Close();
        _left[tree.Path] = true;
        ReturnSoon();
    }

    private string PathOf(string name) => Root + "/" + name;

    // The cgroup of this directory that a process is in or below. The directory is known by its inode: another one of this daemon's has
    // the same name and cgroups of the same names, and the hierarchy may be mounted in several places.
    private string? NameOf(int process)
    {
        try
        {
            FileIdentity? root = LibcFiles.Identify(Root);
            string? cgroup = CgroupPlace.Of(process);
            while (cgroup is not null && Path.GetDirectoryName(cgroup) is { } parent)
            {
                if (root?.SameFile(LibcFiles.Identify(parent)) == true)
                {
                    return Path.GetFileName(cgroup);
                }

                cgroup = parent;
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private CgroupTree Opened(string path)
    {
        try
        {
            return new CgroupTree(this, path);
        }
        catch (NativeException e)
        {
            _ = LibcCgroup.Remove(path);
            throw new SpawnException(SpawnStep.Cgroup, e.Errno, path);
        }
    }

    // Nothing is looked at where nothing is left: a daemon that has nothing to do sleeps.
    private void ReturnSoon()
    {
        if (_isDue)
        {
            return;
        }

        _isDue = true;
        try
        {
            _sweep.Change(SweepEvery, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The daemon stops, and sweeps once more.
        }
    }

    private void SweepAndReturn()
    {
        // What is left from here on rings anew.
        _isDue = false;
        Sweep();
        if (!_left.IsEmpty)
        {
            ReturnSoon();
        }
    }

    private void Sweep()
    {
        foreach (string path in _left.Keys)
        {
            if (IsRemoved(path))
            {
                _left.TryRemove(path, out _);
            }
        }
    }

    // A job that may write here can have made cgroups inside; they go from the innermost outwards, if nothing is in them.
    private static bool IsRemoved(string path)
    {
        int errno = LibcCgroup.Remove(path);
        if (errno is 0 or Errno.ENOENT)
        {
            return true;
        }

        try
        {
            string[] inside = Directory.GetDirectories(path);
            return inside.Length > 0 && inside.All(IsRemoved) && LibcCgroup.Remove(path) == 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task EmptiedAsync(string path)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!CgroupTree.IsEmptyAt(path))
        {
            if (TimeProvider.System.GetElapsedTime(start) > KillLimit)
            {
                Log.LeftTreeStaysAlive(_log, path);
                return;
            }

            await Task.Delay(Pause);
        }
    }
}
