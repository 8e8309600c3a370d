using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>malloc_trim(3): memory that native code has freed, and its allocator has kept, goes back to the system.</summary>
public static partial class LibcMemory
{
    /// <summary>Gives back every free page of every heap of this process. An allocator without this call, musl's, keeps none of weight.</summary>
    public static void Trim()
    {
        try
        {
            _ = RawTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // No glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int RawTrim(nuint pad);
}
