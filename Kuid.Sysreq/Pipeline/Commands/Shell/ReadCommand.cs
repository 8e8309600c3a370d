using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>read</c>: variables from the next row of the input.</summary>
internal sealed class ReadCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "read";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "read NAME...",
        Summary = "Takes the next row of the input and gives its values to variables.",
        Remarks = "A row of several columns gives its first value to the first NAME, and so on; the last NAME gets what is left, separated by "
            + "tabs. A row of one column, and a line of text, is split at IFS instead when there are several names. "
            + "The status is 1 when there is no row left.",
        Options = [("-r", "is taken for bash's sake: a backslash is never special here")],
        Examples = ["ls | while read name inode; do echo $inode $name; done", "read host < /etc/hostname"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "NAME");
        List<string> names = [.. arguments.Operands.Select(operand => VariableArgument.Read(arguments, operand) is { Value: null } variable
            ? variable.Name
            : throw arguments.Refusal("takes names of variables alone", operand))];
        bool isRedirected = call.Input is not null;
        return new ShellAction(async (context, cancellation) =>
        {
            IReadOnlyList<string>? texts = isRedirected && context.Input is { } input ? await NextAsync(input, context, cancellation) : null;
            context.Status = texts is null ? 1 : 0;
            Assign(context.Shell.Variables, names, texts ?? []);
        });
    }

    private static async ValueTask<IReadOnlyList<string>?> NextAsync(SharedInput input, StageContext context, CancellationToken cancellation) =>
        DataColumn.IsOnlyOne(input.Columns)
            ? await InputLine.NextAsync(input, context, cancellation) is { } line ? [line] : null
            : await input.NextAsync(context, cancellation) is { } row
                ? [.. row.Take(input.Columns.Count).Select(ShellText.Of)]
                : null;

    private static void Assign(Variables variables, List<string> names, IReadOnlyList<string> texts)
    {
        if (texts is [var only])
        {
            texts = names.Count == 1 ? [only.Trim(' ', '\t')] : SplitLine.Of(only, names.Count, variables.Get("IFS") ?? " \t\n");
        }

        for (int at = 0; at < names.Count; at++)
        {
            string text = at == names.Count - 1 ? string.Join('\t', texts.Skip(at)) : texts.ElementAtOrDefault(at) ?? "";
            variables.Set(names[at], text);
        }
    }
}
