using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>grep</c>: the rows whose text has a match.</summary>
internal sealed class GrepCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "grep";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "grep [-v] [-i] RE | COLUMN RE [COLUMN RE...] | -e RE... [COLUMN...]",
        Summary = "The rows in which a regular expression has a match: in any shown column, or in the named one.",
        Remarks = "Several pairs of a column and an expression must all match. After -e only columns are named; one of them must match one of "
            + "the expressions. Text of a file is searched by lines. Without any match the status is 1. Lookarounds and "
            + "backreferences are refused, because nothing bounds the time that they take.",
        Options =
        [
            ("-e RE", "the expression, which may begin with a dash; several may be given"),
            ("-v", "the rows that do not match"),
            ("-i", "letters in any case"),
        ],
        ColumnsRemark = "those of its input",
        Examples = ["grep root < /etc/passwd", "ps | xargs pstat | grep comm sh", "ls /etc | grep -v -e '^[.]' name"],
    };

    private delegate bool Condition(Value[] row);

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        RowSource input = TextInput.ByLines(arguments.Input);
        Condition condition = arguments.Has("-e") ? AnyOf(arguments, input) : Pairs(arguments, input);
        bool wanted = !arguments.Has("-v");
        return new FilteredSource(
            input, (context, cancellation) => ReadAsync(input.ReadAsync(context, cancellation), condition, wanted, context, cancellation));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(
        IAsyncEnumerable<Value[]> rows,
        Condition condition,
        bool wanted,
        CommandContext context,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        context.Status = 1;
        await foreach (Value[] row in rows.WithCancellation(cancellation))
        {
            if (condition(row) != wanted)
                continue;

            context.Status = 0;
            yield return row;
        }
    }

    private static Condition AnyOf(ArgumentReader arguments, RowSource input)
    {
        Regex[] patterns = [.. arguments.ValuesOf("-e").Select(argument => Pattern(arguments, argument))];
        int[] indexes = arguments.Operands.Count == 0
            ? [.. Enumerable.Range(0, input.Columns.Count)]
            : [.. arguments.Operands.Select(argument => arguments.Column(argument, input).Index)];
        return row => Array.Exists(indexes, index => Array.Exists(patterns, pattern => Patterns.Matches(pattern, row[index])));
    }

    private static Condition Pairs(ArgumentReader arguments, RowSource input)
    {
        IReadOnlyList<Argument> operands = arguments.Operands;
        arguments.NeedAtLeast(1, "RE");
        if (operands.Count == 0)
            return _ => false;

        if (operands.Count == 1)
        {
            Regex pattern = Pattern(arguments, operands[0]);
            int shown = input.Columns.Count;
            return row => Array.FindIndex(row, 0, shown, value => Patterns.Matches(pattern, value)) >= 0;
        }

        if (operands.Count % 2 != 0)
        {
            string last = VisibleText.Of(ArgumentReader.Text(operands[^1]));
            throw arguments.Refusal($"takes one RE, or pairs of COLUMN and RE: {last} has no pair", operands[^1]);
        }

        (int Index, Regex Pattern)[] pairs =
        [
            .. operands.Chunk(2).Select(pair =>
                (arguments.Column(pair[0], input).Index, Pattern(arguments, pair[1]))),
        ];
        return row => Array.TrueForAll(pairs, pair => Patterns.Matches(pair.Pattern, row[pair.Index]));
    }

    private static Regex Pattern(ArgumentReader arguments, Argument argument) =>
        Patterns.Compile(ArgumentReader.Text(argument), arguments.Has("-i"), argument.Span);
}
