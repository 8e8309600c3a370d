namespace Kuid.TestKit;

/// <summary>Looks at what a process that should have nothing to do does with a second.</summary>
public static class QuietSecond
{
    // A loop that spins takes 100 of them in a second; the runtime's own housekeeping a few.
    private const long FewTicks = 10;

    /// <summary>Waits for a second in which the process uses next to no CPU; a process that spins never has one.</summary>
    public static async Task Of(int pid)
    {
        long before = ProcessTable.CpuTicks(pid);
        await Eventually.Holds(
            async () =>
            {
                long last = before;
                await Task.Delay(TimeSpan.FromSeconds(1));
                before = ProcessTable.CpuTicks(pid);
                return before - last < FewTicks;
            },
            $"process {pid} is quiet for a second");
    }
}
