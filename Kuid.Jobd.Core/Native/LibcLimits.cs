using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>The numbers of resources in <c>sys/resource.h</c>, the same on x86-64 and AArch64.</summary>
internal enum LimitedResource
{
    /// <summary>CPU time, in seconds.</summary>
    Cpu = 0,

    /// <summary>The size of a file.</summary>
    Fsize = 1,

    /// <summary>The size of a core dump.</summary>
    Core = 4,

    /// <summary>Processes of the user.</summary>
    Nproc = 6,

    /// <summary>Open files.</summary>
    Nofile = 7,

    /// <summary>The address space.</summary>
    As = 9,
}

/// <summary>getrlimit(2).</summary>
internal static partial class LibcLimits
{
    /// <summary>The hard limit of this process; null when it cannot be had.</summary>
    internal static ulong? Hard(LimitedResource resource) => RawGet((int)resource, out Limit limit) == 0 ? limit.Hard : null;

    [LibraryImport("libc", EntryPoint = "getrlimit64")]
    private static partial int RawGet(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        internal ulong Soft;
        internal ulong Hard;
    }
}
