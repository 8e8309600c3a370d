using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>local</c>: variables of a function.</summary>
internal sealed class LocalCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "local";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "local NAME[=VALUE]...",
        Summary = "Makes variables of the function that it stands in: what they were comes back when it ends.",
        Examples = ["f() { local n=$1; echo $((n * 2)); }"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "NAME");
        List<VariableArgument> variables = [.. arguments.Operands.Select(operand => VariableArgument.Read(arguments, operand))];
        return ShellAction.Of(context =>
        {
            if (context.Shell.Locals is not { } replaced)
            {
                throw new CommandException("stands outside of a function", call.Span);
            }

            foreach (VariableArgument variable in variables)
            {
                if (replaced.TryAdd(variable.Name, context.Shell.Variables.Save(variable.Name)))
                {
                    context.Shell.Variables.Unset(variable.Name);
                }

                if (variable.Value is { } value)
                {
                    context.Shell.Variables.Set(variable.Name, value);
                }
            }
        });
    }
}
