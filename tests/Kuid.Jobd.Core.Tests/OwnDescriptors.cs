using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests;

/// <summary>
/// What this process has open, counted by kind, without what only waits for the finalizer and without the assemblies, which
/// the runtime opens when it first needs them and keeps open.
/// </summary>
internal static class OwnDescriptors
{
    internal static IReadOnlyDictionary<string, int> Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(Kind)
            .Where(kind => !kind.EndsWith(".dll", StringComparison.Ordinal))
            .GroupBy(kind => kind, StringComparer.Ordinal)
            .ToDictionary(kind => kind.Key, kind => kind.Count(), StringComparer.Ordinal);
    }

    /// <summary>
    /// Waits until there are no more of any kind than before: the runtime opens a file of /proc now and then, and what has
    /// leaked stays. Fewer is no leak, an earlier test's may have closed late.
    /// </summary>
    internal static Task AreBackAt(IReadOnlyDictionary<string, int> before) => Eventually.Holds(
        () => !GrownSince(before).Any(), () => $"no kind of descriptor has grown: {string.Join(", ", GrownSince(before))}");

    private static IEnumerable<string> GrownSince(IReadOnlyDictionary<string, int> before) => Count()
        .Where(kind => kind.Value > before.GetValueOrDefault(kind.Key))
        .Select(kind => $"{before.GetValueOrDefault(kind.Key)} to {kind.Value} {kind.Key}");

    // "pipe" for pipe:[123], "[pidfd]" for anon_inode:[pidfd], the file's name for a file.
    private static string Kind(string descriptor)
    {
        try
        {
            string name = File.ResolveLinkTarget(descriptor, returnFinalTarget: false)!.Name;
            return name.StartsWith("anon_inode:", StringComparison.Ordinal) ? name["anon_inode:".Length..] : name.Split(':')[0];
        }
        catch (IOException)
        {
            return "closed since";
        }
    }
}
