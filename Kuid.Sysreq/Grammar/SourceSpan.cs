namespace Kuid.Sysreq.Grammar;

/// <summary>A place in the source of a script.</summary>
/// <param name="Offset">How many UTF-16 units lie before it.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">Its column, from 1, in Unicode scalar values.</param>
public readonly record struct SourcePosition(int Offset, int Line, int Column)
{
    /// <summary>Where every source begins.</summary>
    public static SourcePosition Start { get; } = new(0, 1, 1);

    /// <inheritdoc/>
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>A stretch of the source of a script, its end not included.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it has ended.</param>
public readonly record struct SourceSpan(SourcePosition Start, SourcePosition End);
