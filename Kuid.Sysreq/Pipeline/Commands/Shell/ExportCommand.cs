using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>export</c>: variables that remote programs get.</summary>
internal sealed class ExportCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "export";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "export [-n] NAME[=VALUE]...",
        Summary = "Makes variables part of the environment of remote programs.",
        Remarks = "Without arguments it shows them, as env does.",
        Options = [("-n", "takes them out of it; they stay variables")],
        ColumnsRemark = "name and value without arguments, else none",
        Examples = ["export LANG=C", "export"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        if (arguments.Operands.Count == 0 && !call.AwaitsArguments)
        {
            return EnvCommand.Rows();
        }

        bool isExported = !arguments.Has("-n");
        List<VariableArgument> variables = [.. arguments.Operands.Select(operand => VariableArgument.Read(arguments, operand))];
        return ShellAction.Of(context =>
        {
            foreach (VariableArgument variable in variables)
            {
                if (variable.Value is { } value)
                {
                    context.Shell.Variables.Set(variable.Name, value);
                }

                context.Shell.Variables.Export(variable.Name, isExported);
            }
        });
    }
}
