namespace Kuid.Jobd.Core.Jobs.Waiting;

/// <summary>How long a job pauses between two attempts.</summary>
/// <param name="chance">Gives numbers from 0 up to 1, that many apart from each other that jobs which failed together do not all come back together.</param>
public sealed class Backoff(Func<double> chance)
{
    /// <summary>The longest pause.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>By the chance of the machine.</summary>
    public static Backoff ByChance { get; } = new(Random.Shared.NextDouble);

    /// <summary>The pause after an attempt: the first one's doubled with each further, at most an hour, and of that half to all of it.</summary>
    /// <param name="attempt">Which attempt has failed, from 1.</param>
    /// <param name="first">The pause that the job asks for after its first.</param>
    public TimeSpan After(int attempt, TimeSpan first)
    {
        double seconds = Math.Min(first.TotalSeconds * Math.Pow(2, attempt - 1), Longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (0.5 * chance())));
    }
}
