using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>test</c> and <c>[</c>: a condition as a status.</summary>
internal sealed class TestCommand(string name) : Command
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = name == "[" ? "[ CONDITION ]" : "test CONDITION",
        Summary = "Succeeds when the condition holds, and fails with 1 when it does not.",
        Remarks = "Of remote files: -e there, -f regular, -d directory, -L or -h link, -p, -S, -b, -c other kinds, -s not empty, -r -w -x what "
            + "the server may do, A -nt B, A -ot B, A -ef B. Of texts: -n, -z, =, !=, <, >. Of numbers: -eq -ne -lt -le -gt -ge. "
            + "Together: !, -a, -o, ( ).",
        Examples = ["test -d /srv && cd /srv", "if [ $(ls | count) -gt 10 ]; then echo many; fi"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        List<string> words = [.. call.Arguments.Select(argument => ShellText.Of(argument.Value))];
        if (name == "[" && !call.AwaitsArguments)
        {
            if (words is not [.., "]"])
            {
                throw new CommandException("the closing ] is missing", call.Span, status: 2);
            }

            words.RemoveAt(words.Count - 1);
        }

        return new ShellAction(async (context, cancellation) =>
            context.Status = await new TestCondition(words, call.Span, context.System, cancellation).HoldsAsync() ? 0 : 1);
    }
}
