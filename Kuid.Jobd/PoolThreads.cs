namespace Kuid.Jobd;

/// <summary>The threads of the pool, all of which are made at the start and stay.</summary>
/// <remarks>
/// The runtime opens a pipe for each thread that it makes, and ends the process ("Out of memory.", exit code 134) when there is no
/// descriptor for that. The daemon leaves itself descriptors, but somebody can take them away (prlimit), or the system can be out of
/// them. So a thread that may be needed then is made before: nothing here blocks a thread of the pool for long, so a fixed number is
/// enough, and with ThreadPool.ThreadsToKeepAlive (in the project's file) none ends for want of work.
/// </remarks>
internal static class PoolThreads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How many there are: as many as can be busy on the cores, and some that wait for a page fault or a lock.</summary>
    private static int Number => Math.Max(16, 4 * Environment.ProcessorCount);

    /// <summary>Makes them; called once, before anything else uses the pool.</summary>
    internal static void Make()
    {
        ThreadPool.SetMinThreads(Number, Number);
        ThreadPool.SetMaxThreads(Number, Number);

        // Each holds its thread until all have one. A machine that is too busy to make them in time starts with fewer.
        using var all = new CountdownEvent(Number);
        using var done = new CountdownEvent(Number);
        for (int i = 0; i < Number; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                all.Signal();
                all.Wait(Patience);
                done.Signal();
            }, state: null);
        }

        done.Wait();
    }
}
