namespace Kuid.Bench.Load;

/// <summary>The load generators in C, which bench/Makefile builds.</summary>
internal static class Built
{
    /// <exception cref="NotRunException">It is not built.</exception>
    internal static string Program(string name)
    {
        string path = Path.Combine(BenchOptions.Root, "bench", "build", name);
        return File.Exists(path) ? path : throw new NotRunException($"bench/build/{name} is not there; make -C bench builds it");
    }
}
