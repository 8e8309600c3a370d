using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>exit</c> and <c>return</c>: out of the shell, out of the function, with a status.</summary>
internal sealed class LeaveCommand(string name, DepartureKind kind) : Command
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = $"{name} [STATUS]",
        Summary = kind == DepartureKind.Exit ? "Ends the shell, or the subshell." : "Ends the function.",
        Remarks = "Without STATUS, 0 to 255, it is that of the last command.",
        Examples = [kind == DepartureKind.Exit ? "test -d /srv || exit 1" : "f() { test -e $1 || return 2; stat $1; }"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(1, "STATUS");
        int? status = arguments.OperandAt(0) is { } given ? (int)arguments.Integer(given, "STATUS", 0, 255) : null;
        return ShellAction.Of(context =>
        {
            if (kind == DepartureKind.Return && context.Shell.Locals is null)
            {
                throw new CommandException("stands outside of a function", call.Span, status: 2);
            }

            context.Status = status ?? context.Shell.Status;
            context.Shell.Leaving = new Departure(kind);
        });
    }
}
