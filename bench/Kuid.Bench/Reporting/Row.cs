using Kuid.Bench.Statistics;

namespace Kuid.Bench.Reporting;

/// <summary>A line of the table: our figure, at most one that it is compared with, and what it has to reach.</summary>
/// <param name="What">What was done.</param>
/// <param name="Unit">What the figures are counted in.</param>
/// <param name="Ours">Our figure; null when there is none.</param>
internal sealed record Row(string What, string Unit, Series? Ours)
{
    /// <summary>The same of another program, with its name.</summary>
    internal (string Name, Series Figure)? Peer { get; init; }

    /// <summary>The same of the machine itself, or of what else is the most that can be had.</summary>
    internal Series? Limit { get; init; }

    /// <summary>What it has to reach.</summary>
    internal Goal? Goal { get; init; }

    /// <summary>What stands in place of a verdict: why it could not be run, or what was wrong.</summary>
    internal string? Trouble { get; init; }

    /// <summary>Whether something was wrong, so that its figures would mean nothing.</summary>
    internal bool Failed { get; init; }

    /// <summary>Ours to what it is compared with, within each round.</summary>
    internal Series? Ratio => (Peer?.Figure ?? Limit) is { } other ? Ours?.Over(other) : null;

    /// <summary>The same row beside a program that may be missing.</summary>
    internal Row Beside(string name, Series? figure, string whyNot) =>
        figure is null ? this with { Trouble = whyNot } : this with { Peer = (name, figure) };
}
