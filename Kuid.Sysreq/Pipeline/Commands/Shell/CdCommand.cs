using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>cd</c>: another directory for the server.</summary>
internal sealed class CdCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "cd";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "cd [DIRECTORY|-]",
        Summary = "Changes the directory that names begin in.",
        Remarks = "Without DIRECTORY it goes home, with - back to where it was. PWD and OLDPWD say where that is. "
            + "In a subshell and among stages of a pipeline it is theirs alone.",
        Examples = ["cd /var/log", "(cd /tmp; ls)", "cd -"],
    };

    /// <inheritdoc/>
    public override bool LeavesConnectionAlone => false;

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(1, "DIRECTORY");
        string? directory = arguments.OperandAt(0) is { } given ? ShellText.Of(given.Value) : null;
        return new ShellAction(async (context, cancellation) =>
            await ChangeAsync(context, directory ?? await HomeAsync(context, call, cancellation), call, cancellation));
    }

    private static async ValueTask ChangeAsync(StageContext context, string directory, CommandCall call, CancellationToken cancellation)
    {
        Variables variables = context.Shell.Variables;
        string target = directory != "-" ? directory
            : variables.Get("OLDPWD") ?? throw new CommandException("there is no directory to go back to yet", call.Span);
        ByteString before = await context.System.WorkingDirectoryAsync(cancellation);
        try
        {
            await context.System.ChangeDirectoryAsync(ShellText.BytesOf(target), cancellation);
        }
        catch (SysreqException refusal)
        {
            throw new CommandException($"{target}: {refusal.Error.Text}", errno: refusal.ErrnoName);
        }

        variables.Set("OLDPWD", ShellText.Of(before.Span));
        variables.Set("PWD", ShellText.Of((await context.System.WorkingDirectoryAsync(cancellation)).Span));
    }

    private static async ValueTask<string> HomeAsync(StageContext context, CommandCall call, CancellationToken cancellation) =>
        context.Shell.Variables.Get("HOME")
        ?? await context.Shell.HomeDirectories.OfServerAsync(cancellation)
        ?? throw new CommandException("HOME is not set, and /etc/passwd has no directory for the user of the server", call.Span);
}
