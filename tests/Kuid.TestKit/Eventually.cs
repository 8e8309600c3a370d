namespace Kuid.TestKit;

/// <summary>Waits for a condition, never for a time: the limit only says when to give up.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks until the condition holds.</summary>
    /// <param name="condition">What is waited for.</param>
    /// <param name="expectation">The sentence for the failure: what should have become true.</param>
    /// <param name="limit">When to give up; a minute unless given, because a machine that does many things at once is no fault.</param>
    public static Task Holds(Func<bool> condition, string expectation, TimeSpan? limit = null) =>
        Holds(() => Task.FromResult(condition()), expectation, limit);

    /// <summary>The same with a condition that takes time to look at.</summary>
    public static Task Holds(Func<Task<bool>> condition, string expectation, TimeSpan? limit = null) =>
        Holds(condition, () => expectation, limit);

    /// <summary>The same with a sentence that says what was there instead.</summary>
    public static Task Holds(Func<bool> condition, Func<string> expectation, TimeSpan? limit = null) =>
        Holds(() => Task.FromResult(condition()), expectation, limit);

    private static async Task Holds(Func<Task<bool>> condition, Func<string> expectation, TimeSpan? limit)
    {
        ArgumentNullException.ThrowIfNull(condition);
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan patience = limit ?? TimeSpan.FromMinutes(1);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience)
            {
                throw new TimeoutException($"within {patience.TotalSeconds} s it did not happen that {expectation()}");
            }

            await Task.Delay(Pause);
        }
    }
}
