namespace Kuid.Bench.Statistics;

/// <summary>One figure, once for each round.</summary>
internal sealed class Series(IEnumerable<double> values)
{
    private readonly double[] _rounds = [.. values];

    /// <summary>How many rounds there were.</summary>
    internal int Count => _rounds.Length;

    /// <summary>The middle one, or the mean of the two in the middle.</summary>
    internal double Median
    {
        get
        {
            double[] sorted = [.. _rounds.Order()];
            int half = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        }
    }

    /// <summary>The lowest one.</summary>
    internal double Lowest => _rounds.Min();

    /// <summary>The highest one.</summary>
    internal double Highest => _rounds.Max();

    /// <summary>
    /// The ratio within each round. Machines drift by tens of per cent within minutes, and neighbours in time drift together.
    /// </summary>
    internal Series Over(Series other) => new(_rounds.Zip(other._rounds, (ours, theirs) => ours / theirs));
}
