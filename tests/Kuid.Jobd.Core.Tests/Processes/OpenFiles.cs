using System.Runtime.InteropServices;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Tests.Processes;

/// <summary>A soft limit on this process's open files, lifted again when it is disposed.</summary>
internal sealed partial class OpenFiles : IDisposable
{
    private const int RLIMIT_NOFILE = 7;
    private readonly ulong[] _before = new ulong[2];

    private OpenFiles(int limit)
    {
        _ = RawGetLimit(RLIMIT_NOFILE, _before);
        if (RawSetLimit(RLIMIT_NOFILE, [(ulong)limit, _before[1]]) != 0)
        {
            throw new InvalidOperationException("RLIMIT_NOFILE cannot be lowered");
        }
    }

    /// <summary>Leaves so many free numbers: the limit is one above the last of them.</summary>
    internal static OpenFiles Leaving(int free)
    {
        // What waits for the finalizer would come free under the limit.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var ends = new List<SafeFd>();
        for (int i = 0; i < 3; i++)
        {
            (SafeFd read, SafeFd write) = LibcIo.Pipe();
            ends.AddRange([read, write]);
        }

        int limit = ends.Select(end => end.Number).Order().ElementAt(free);
        ends.ForEach(end => end.Dispose());
        return new OpenFiles(limit);
    }

    public void Dispose() => _ = RawSetLimit(RLIMIT_NOFILE, _before);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int RawGetLimit(int resource, [Out] ulong[] limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int RawSetLimit(int resource, ulong[] limit);
}
