using System.Globalization;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Trees;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>Chooses what holds the processes of a job together, as the option <c>cgroup</c> says and this machine can.</summary>
/// <remarks>
/// The directory of the cgroups has a name that is made of the data folder's inode, and its path is written into the folder: a daemon
/// that is started elsewhere, or with another option, still finds what the one before has left. A copy of the folder has another inode,
/// and what stands in it is then not followed.
/// </remarks>
internal static class JobTrees
{
    /// <summary>Opens it, and says in the log where <c>auto</c> has come to nothing.</summary>
    /// <exception cref="StartException">A cgroup was asked for by its path, and cannot be used.</exception>
    internal static IProcessTrees Open(string option, DataFolder folder, InheritedEnvironment inherited, ILoggerFactory logs)
    {
        ILogger log = logs.CreateLogger<CgroupTrees>();
        string name = NameOf(folder);
        string? before = ReadNote(folder.CgroupNote, name);
        CgroupTrees? cgroups = OpenCgroups(option, name, inherited, log);
        if (cgroups is not null && cgroups.Root != before)
        {
            WriteNote(folder.CgroupNote, cgroups.Root);
        }

        IProcessTrees trees = cgroups is null ? SweptTrees.Open() : cgroups;
        return before is not null && before != cgroups?.Root && CgroupTrees.Former(before, log) is { } former
            ? new MovedTrees(trees, former)
            : trees;
    }

    /// <summary>Forgets where the cgroups were when there are none left of them.</summary>
    internal static void ForgetEmpty(DataFolder folder)
    {
        if (ReadNote(folder.CgroupNote, NameOf(folder)) is { } root && !Directory.Exists(root))
        {
            File.Delete(folder.CgroupNote);
        }
    }

    private static CgroupTrees? OpenCgroups(string option, string name, InheritedEnvironment inherited, ILogger log)
    {
        if (option == DaemonOptions.CgroupOff)
        {
            return null;
        }

        try
        {
            string parent = option == DaemonOptions.CgroupAuto ? CgroupPlace.OfThisProcess() : option;
            return CgroupTrees.Open(parent, name, inherited, log);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (option != DaemonOptions.CgroupAuto)
            {
                throw new StartException($"--cgroup {option}: {e.Message}", ExitCode.Usage);
            }

            Log.NoCgroup(log, e.Message);
            return null;
        }
    }

    private static string NameOf(DataFolder folder)
    {
        FileIdentity identity = LibcFiles.Identify(folder.Path) ?? throw new StartException($"data folder {folder.Path} is gone", ExitCode.System);
        return string.Create(CultureInfo.InvariantCulture, $"kuid-{identity.Device:x}-{identity.Inode:x}");
    }

    private static string? ReadNote(string note, string name)
    {
        try
        {
            string path = File.ReadAllText(note).TrimEnd('\n');
            return Path.GetFileName(path) == name ? path : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void WriteNote(string note, string path)
    {
        try
        {
            File.WriteAllText(note + ".new", path + "\n");
            File.Move(note + ".new", note, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{note}: {e.Message}", ExitCode.System);
        }
    }
}
