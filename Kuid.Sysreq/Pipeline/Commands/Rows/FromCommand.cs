using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>from</c>: rows that a text says.</summary>
internal sealed class FromCommand : Command
{
    private static readonly string[] Formats = ["json", "lines", "tsv"];

    /// <inheritdoc/>
    public override string Name => "from";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "from json|tsv [COLUMN...] | from lines",
        Summary = "Rows that the text of the column data says, or of the only column.",
        Remarks = "json: an array, whose items are the rows, or values one behind the other; {\"b64\": \"...\"} is bytes. "
            + "tsv: a header, then a row a line, as to tsv writes it; a number where it would be written the same. "
            + "lines: as the command lines. "
            + "Which columns a text has nobody knows before it is read: name those that should be shown. Without any there is the one "
            + "column value with a record a row, and formats show its members as columns. A later stage can name any column; a row "
            + "that lacks it has null there.",
        ColumnsRemark = "the named ones, or value; and on demand whatever is named",
        Examples =
        [
            "cat people.json | from json | where age > 30 | select name age",
            "cat people.tsv | from tsv name age | sort age",
            "cat /etc/hosts | from lines",
        ],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "FORMAT");
        if (arguments.Operands.Count == 0)
            return new GivenRowsSource([LoneValue.Column], []);

        string name = ArgumentReader.Text(arguments.Operands[0]);
        if (!Formats.Contains(name, StringComparer.Ordinal))
            throw arguments.Refusal($"there is no format {VisibleText.Of(name)} to read; there are {Phrase.And(Formats)}", arguments.Operands[0]);

        if (name == "lines")
            arguments.TakeAtMost(1, "FORMAT");

        (RowSource input, int index) = TextColumn.Of(arguments, []);
        if (name == "lines")
            return TextInput.LinesOf(input, index);

        List<string> columns = [];
        foreach (Argument argument in arguments.Operands.Skip(1))
        {
            if (columns.Contains(ArgumentReader.Text(argument), StringComparer.Ordinal))
                throw arguments.Refusal($"{VisibleText.Of(ArgumentReader.Text(argument))} is named twice", argument);

            columns.Add(ArgumentReader.Text(argument));
        }

        return new RecordSource(columns, name == "json"
            ? (context, cancellation) => JsonReader.ReadAsync(input.ReadAsync(context, cancellation), index, cancellation)
            : (context, cancellation) => TsvReader.ReadAsync(TextInput.LinesOf(input, index).ReadAsync(context, cancellation), cancellation));
    }
}
