using System.Diagnostics;

namespace Kuid.TestChild.Verbs;

/// <summary>
/// Leaves a process behind that holds its streams, says that process's id and exits: by way of a shell, as it happens in life.
/// </summary>
internal static class Grandchild
{
    internal static int Run()
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "sleep 300 & echo $!"]) { UseShellExecute = false })!;
        shell.WaitForExit();
        return shell.ExitCode;
    }
}
