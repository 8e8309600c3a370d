using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary>The column that a command reads text from.</summary>
internal static class TextColumn
{
    /// <summary>The one that an operand names; without any <c>data</c>, or the only one.</summary>
    /// <param name="operands">The operands that may name one; all of them when not given.</param>
    public static (RowSource Input, int Index) Of(ArgumentReader arguments, IReadOnlyList<Argument>? operands = null)
    {
        RowSource input = arguments.Input;
        if ((operands ?? arguments.Operands) is [var named, ..])
            return (input, arguments.Column(named).Index);

        if (input.Columns.Any(column => column == DataColumn.Instance))
            return (input, input.Find(DataColumn.Instance.Name)!.Value.Index);

        if (input.Columns.Count == 1)
            return (input, 0);

        string[] names = [.. input.Columns.Select(column => VisibleText.Of(column.Name))];
        throw arguments.Refusal($"needs the COLUMN that has the text; the input has {Phrase.And(names)}");
    }
}
