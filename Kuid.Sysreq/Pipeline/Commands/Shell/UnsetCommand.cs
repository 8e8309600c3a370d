using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>unset</c>: variables and functions that are no longer.</summary>
internal sealed class UnsetCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "unset";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "unset [-f] NAME...",
        Summary = "Removes variables, or functions.",
        Options = [("-f", "the names are those of functions")],
        Examples = ["unset LANG", "unset -f ll"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "NAME");
        bool areFunctions = arguments.Has("-f");
        List<string> names = [.. arguments.Operands.Select(ArgumentReader.Text)];
        return ShellAction.Of(context =>
        {
            foreach (string name in names)
            {
                if (areFunctions)
                {
                    context.Shell.Functions.Remove(name);
                }
                else
                {
                    context.Shell.Variables.Unset(name);
                }
            }
        });
    }
}
