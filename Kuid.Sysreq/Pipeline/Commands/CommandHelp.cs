using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>What a command is for, for people.</summary>
public sealed record CommandHelp
{
    /// <summary>How it is written, such as <c>sort [-r] [-n] [COLUMN...]</c>.</summary>
    public required string Synopsis { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>What else there is to know, in sentences; empty when nothing is.</summary>
    public string Remarks { get; init; } = "";

    /// <summary>Its options, such as <c>-r</c>, each with its meaning.</summary>
    public IReadOnlyList<(string Option, string Meaning)> Options { get; init; } = [];

    /// <summary>The columns of its rows where they are always the same; none for a command without rows.</summary>
    public IReadOnlyList<Column> Columns { get; init; } = [];

    /// <summary>The columns that it has when a later stage names them.</summary>
    public IReadOnlyList<Column> OnDemand { get; init; } = [];

    /// <summary>Which columns it has where they depend on the call, such as <c>those of its input</c>; null where they do not.</summary>
    public string? ColumnsRemark { get; init; }

    /// <summary>Pipelines that show it.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
