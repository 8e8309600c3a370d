using System.Runtime.InteropServices;

namespace Kuid.TestChild;

/// <summary>The call that .NET has no words for.</summary>
internal static partial class Libc
{
    internal const int SIGSTOP = 19;

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int pid, int signal);
}
