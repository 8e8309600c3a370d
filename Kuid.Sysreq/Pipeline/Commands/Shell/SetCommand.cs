using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>set</c>: the arguments of the shell, or its variables.</summary>
internal sealed class SetCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "set";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "set [--] [ARG...]",
        Summary = "Makes its arguments $1 and those after it; shows all variables when there are none.",
        Remarks = "set -- without more leaves no arguments. The options of other shells are not known.",
        ColumnsRemark = "name and value without arguments, else none",
        Examples = ["set -- a b c; echo $2", "set | grep name PATH"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        if (call is { Arguments.Count: 0, AwaitsArguments: false })
        {
            return ShellRows.Of(EnvCommand.Columns, context =>
                context.Shell.Variables.All.Select(variable => EnvCommand.Row(variable.Key, variable.Value.Value!)));
        }

        IReadOnlyList<string> given = [.. new ArgumentReader(call, Help).Operands.Select(operand => ShellText.Of(operand.Value))];
        return ShellAction.Of(context => context.Shell.Arguments = given);
    }
}
