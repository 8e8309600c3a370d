using Kuid.Sysreq.Pipeline.Rows;

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

        return input.Columns.Count == 1
            ? (input, 0)
            : throw arguments.Refusal($"needs the COLUMN that has the text; the input has {Phrase.And([.. input.Columns.Select(column => column.Name)])}");
    }
}
