using System.Globalization;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// Descriptors that the runtime uses on whatever thread it happens to be. There is one: no page of it is writable and executable at
/// once, so it writes compiled code through a second mapping of a memory file called <c>doublemapper</c>, and a thread that finds that
/// file closed ends the process ("Failed to create RW mapping for RX memory"). With DOTNET_EnableWriteXorExecute=0 there is none.
/// </summary>
internal static class RuntimeDescriptors
{
    private static readonly Lazy<IReadOnlyList<int>> Found = new(Search);

    /// <summary>The descriptors, in order.</summary>
    /// <exception cref="IOException">/proc does not tell.</exception>
    public static IReadOnlyList<int> Find() => Found.Value;

    private static IReadOnlyList<int> Search()
    {
        const string Folder = "/proc/self/fd";
        if (!Directory.Exists(Folder))
            throw new IOException($"local: {Folder} is needed to tell which descriptors the runtime cannot do without");

        return [.. Directory.EnumerateFileSystemEntries(Folder)
            .Where(IsCodeFile)
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .Order()];
    }

    private static bool IsCodeFile(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget?.Contains("doublemapper", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            // Closed since it was listed.
            return false;
        }
    }
}
