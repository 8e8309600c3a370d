namespace Kuid.TestChild.Verbs;

/// <summary>Says what the kernel limits it to: a line a resource, its name, soft and hard limit.</summary>
internal static class Limits
{
    internal static int Run()
    {
        Standard.Output.Write(File.ReadAllBytes("/proc/self/limits"));
        return 0;
    }
}
