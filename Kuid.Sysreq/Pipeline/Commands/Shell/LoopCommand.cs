using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>break</c> and <c>continue</c>: out of loops, to their next round.</summary>
internal sealed class LoopCommand(string name, DepartureKind kind) : Command
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = $"{name} [LEVELS]",
        Summary = kind == DepartureKind.Break ? "Ends the loop." : "Goes to the next round of the loop.",
        Remarks = "With LEVELS it is the loop that many levels out, 1 being the innermost.",
        Examples = [$"for f in *; do test -d $f && {name}; echo $f; done"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(1, "LEVELS");
        int levels = arguments.OperandAt(0) is { } given ? (int)arguments.Integer(given, "LEVELS", 1, int.MaxValue) : 1;
        return ShellAction.Of(context =>
        {
            if (context.Shell.LoopDepth == 0)
            {
                throw new CommandException("stands outside of a loop", call.Span);
            }

            context.Shell.Leaving = new Departure(kind, Math.Min(levels, context.Shell.LoopDepth));
        });
    }
}
