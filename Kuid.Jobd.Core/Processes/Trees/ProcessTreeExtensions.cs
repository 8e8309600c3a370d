namespace Kuid.Jobd.Core.Processes.Trees;

/// <summary>What can be done with every tree.</summary>
internal static class ProcessTreeExtensions
{
    // How often a tree is looked at that is to become empty: soon at first, for most are in a moment.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until no process of a tree is left, or for something else.</summary>
    /// <param name="leader">The first process, which is not reaped yet.</param>
    /// <returns>Whether none is left.</returns>
    internal static async Task<bool> EmptiesAsync(this IProcessTree tree, int leader, Task patience)
    {
        TimeSpan pause = FirstLook;
        while (!tree.IsEmpty(leader))
        {
            if (patience.IsCompleted)
            {
                return false;
            }

            await Task.WhenAny(Task.Delay(pause), patience);
            pause = pause * 2 < LastLook ? pause * 2 : LastLook;
        }

        return true;
    }
}
