using Kuid.Bench.Load;

namespace Kuid.Bench.Statistics;

/// <summary>One of those that take turns.</summary>
/// <param name="Name">What the case calls it.</param>
/// <param name="RunAsync">Runs its load once.</param>
internal sealed record Contender(string Name, Func<CancellationToken, Task<Figures>> RunAsync);

/// <summary>Lets contenders take turns: A B, B A, A B and so on, after a round that warms them up and is not measured.</summary>
/// <remarks>Whoever runs first after another load has it a few per cent harder, so the places change with every round.</remarks>
internal sealed class Rounds
{
    private readonly Dictionary<string, List<Figures>> _results = new(StringComparer.Ordinal);

    private Rounds()
    {
    }

    internal static async Task<Rounds> RunAsync(int count, IReadOnlyList<Contender> contenders, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        for (int round = 0; round <= count; round++)
        {
            int first = round % contenders.Count;
            foreach (Contender contender in contenders.Skip(first).Concat(contenders.Take(first)))
            {
                Figures figures = await contender.RunAsync(cancellation);
                if (round > 0)
                {
                    rounds.Add(contender.Name, figures);
                }
            }
        }

        return rounds;
    }

    /// <summary>A figure of a contender; null when it did not take part.</summary>
    internal Series? Of(string name, Func<Figures, double> figure) =>
        _results.TryGetValue(name, out List<Figures>? results) ? new Series(results.Select(figure)) : null;

    private void Add(string name, Figures figures)
    {
        if (!_results.TryGetValue(name, out List<Figures>? results))
        {
            _results[name] = results = [];
        }

        results.Add(figures);
    }
}
