using Kuid.Bench.Reporting;

namespace Kuid.Bench.Cases;

/// <summary>Something that is measured, with daemons of its own.</summary>
internal interface ICase
{
    /// <summary>The word for it on the command line.</summary>
    string Name { get; }

    /// <summary>What is done.</summary>
    string What { get; }

    /// <summary>Measures it.</summary>
    /// <exception cref="CaseFailedException">Something was wrong, and the figures count nothing.</exception>
    /// <exception cref="NotRunException">It cannot be run here.</exception>
    Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation);
}
