using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>Finds columns of the stage before by their names, and says which there are when there is none of a name.</summary>
internal static class InputColumns
{
    /// <summary>Where the column stands, and what it is; one on demand is demanded.</summary>
    /// <exception cref="CommandException">There is none of this name.</exception>
    public static (int Index, Column Column) Find(RowSource input, string name, SourceSpan span) =>
        input.Find(name) ?? throw new CommandException(Unknown(input, name), span, status: 2);

    private static string Unknown(RowSource input, string name)
    {
        IReadOnlyList<string> shown = [.. input.Columns.Select(column => VisibleText.Of(column.Name))];
        IReadOnlyList<string> onDemand = [.. input.OnDemand.Select(column => VisibleText.Of(column.Name))];
        string nearest = NearestName.Among(shown.Concat(onDemand), name) is { } near ? $" (did you mean {near}?)" : "";
        string has = shown.Count == 0 ? "it has none" : $"it has {Phrase.And(shown)}";
        string more = onDemand.Count == 0 ? "" : $", and on demand {Phrase.And(onDemand)}";
        return $"the input has no column {VisibleText.Of(name)}{nearest}; {has}{more}";
    }
}
