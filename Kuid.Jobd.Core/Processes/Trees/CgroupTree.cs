using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>A tree that is a cgroup. It owns the descriptor of its directory.</summary>
/// <remarks>
/// No process leaves a cgroup by what it does to its sessions and parents; only one that may write to the hierarchy can move itself,
/// which is root's privilege mostly. cgroup.kill takes what is being forked along, and cgroups that were made inside. One that was killed
/// is not used again: kernels from 6.14 on compare the number of its kills with that of the cgroup which a new process is forked in, and
/// kill one that is born into it.
/// </remarks>
internal sealed class CgroupTree : IProcessTree
{
    private readonly CgroupTrees _trees;
    private readonly SafeFd _directory;
    private volatile bool _wasKilled;

    /// <summary>Opens a cgroup that is there.</summary>
    /// <exception cref="NativeException">It is not, or descriptors have run out.</exception>
    internal CgroupTree(CgroupTrees trees, string path)
    {
        _trees = trees;
        Path = path;
        _directory = LibcCgroup.Open(path);
    }

    /// <summary>Its directory.</summary>
    internal string Path { get; }

    /// <inheritdoc/>
    public SafeFd? Cgroup => _directory;

    /// <inheritdoc/>
    public bool LeaderAdoptsOrphans => false;

    /// <summary>Whether it is as good as new: empty, and not frozen, which a job that may write here can have done.</summary>
    internal bool IsUnused
    {
        get
        {
            Span<byte> events = stackalloc byte[64];
            return !_wasKilled && events[..LibcCgroup.Read(_directory, "cgroup.events", events)].SequenceEqual("populated 0\nfrozen 0\n"u8);
        }
    }

    /// <inheritdoc/>
    public void Started(int leader, int child)
    {
        // It is in the cgroup already.
    }

    /// <inheritdoc/>
    public void Remember()
    {
        // The cgroup does.
    }

    /// <inheritdoc/>
    public void SignalOthers(int leader, int signal)
    {
        // A number alone may be a stranger's by the time it is signalled. Whoever is listed before and after its pidfd was opened is
        // either the process of the pidfd, or has its number from that one, which is dead then and takes no signal.
        var found = new List<(int Pid, SafeFd PidFd)>();
        try
        {
            foreach (int pid in Members())
            {
                if (LibcProcess.GroupOf(pid) != leader && LibcProcess.TryOpen(pid) is { } pidFd)
                {
                    found.Add((pid, pidFd));
                }
            }

            HashSet<int> still = found.Count == 0 ? [] : [.. Members()];
            foreach ((int pid, SafeFd pidFd) in found)
            {
                if (still.Contains(pid))
                {
                    _ = KuidSpawn.Signal(pidFd, signal);
                }
            }
        }
        catch (NativeException)
        {
            // Descriptors have run out: those who are left get no chance to clean up, and are killed with the others.
        }
        finally
        {
            found.ForEach(process => process.PidFd.Dispose());
        }
    }

    /// <inheritdoc/>
    public bool TryKill(int? leader)
    {
        _wasKilled = true;
        try
        {
            Kill(Path);
            return true;
        }
        catch (NativeException e)
        {
            // One that is gone has nobody in it.
            return e.Errno is not (Errno.EMFILE or Errno.ENFILE);
        }
    }

    /// <inheritdoc/>
    public bool IsEmpty(int leader)
    {
        try
        {
            return IsEmptyAt(Path);
        }
        catch (NativeException e)
        {
            return e.Errno is not (Errno.EMFILE or Errno.ENFILE);
        }
    }

    /// <inheritdoc/>
    public void Release(bool leftOnPurpose) => _trees.TakeBack(this, leftOnPurpose);

    /// <inheritdoc/>
    public void Discard() => _trees.Discard(this);

    /// <summary>Closes its descriptor; the cgroup stays.</summary>
    internal void Close() => _directory.Dispose();

    /// <summary>Kills what is in a cgroup and below.</summary>
    /// <exception cref="NativeException">It is gone, or the kernel is older than 5.14.</exception>
    internal static void Kill(string path) => LibcCgroup.Write(path + "/cgroup.kill", "1"u8);

    /// <summary>Whether no process is in a cgroup and below; one that has ended is not in it any more, reaped or not.</summary>
    /// <exception cref="NativeException">It is gone.</exception>
    internal static bool IsEmptyAt(string path) => LibcCgroup.Read(path + "/cgroup.events").AsSpan().StartsWith("populated 0\n"u8);

    // Those of pid namespaces that are not below this one's are 0; those of cgroups that were made inside are not listed.
    private IEnumerable<int> Members() =>
        Encoding.ASCII.GetString(LibcCgroup.Read(Path + "/cgroup.procs"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))
            .Where(pid => pid > 0);
}
