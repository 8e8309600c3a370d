using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>shift</c>: the arguments without the first ones.</summary>
internal sealed class ShiftCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "shift";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "shift [COUNT]",
        Summary = "Drops the first argument, or so many: $2 becomes $1.",
        Examples = ["while [ $# -gt 0 ]; do echo $1; shift; done"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(1, "COUNT");
        int count = arguments.OperandAt(0) is { } given ? (int)arguments.Integer(given, "COUNT", 0, int.MaxValue) : 1;
        return ShellAction.Of(context =>
        {
            IReadOnlyList<string> before = context.Shell.Arguments;
            if (count > before.Count)
            {
                throw new CommandException($"there are {before.Count} arguments, and {count} are to go", call.Span);
            }

            context.Shell.Arguments = [.. before.Skip(count)];
        });
    }
}
