namespace Kuid.Sockproc.Tests.Connections;

// How many descriptors an idle daemon has: the level that it must come back to.
internal static class DescriptorLevel
{
    private const int EqualReadings = 5;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    // The connection of an earlier client may still be closing, so one reading says little.
    internal static async Task<int> Of(TestDaemon daemon)
    {
        int level = -1, equal = 0;
        await Eventually.Holds(
            async () =>
            {
                int now = ProcessTable.PassingDescriptors(daemon.Pid);
                equal = now == level ? equal + 1 : 0;
                level = now;
                await Task.Delay(Between);
                return equal == EqualReadings;
            },
            "the daemon's descriptors keep their number");
        return level;
    }
}
