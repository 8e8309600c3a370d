using Kuid.Sysreq.Grammar;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>A word that has no value: a division by zero, an unset variable that is required, braces without end.</summary>
internal sealed class ExpansionException(string message, SourceSpan? span = null, bool endsScript = false) : Exception(message)
{
    /// <summary>Where it stands, if that is known.</summary>
    public SourceSpan? Span => span;

    /// <summary>Whether nothing after it is evaluated: <c>${x:?}</c> says what a script cannot do without.</summary>
    public bool EndsScript => endsScript;
}
