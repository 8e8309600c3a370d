using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>true</c>, <c>:</c> and <c>false</c>: a status and nothing else.</summary>
internal sealed class TrueCommand(string name, int status) : Command
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = $"{name} [ARG...]",
        Summary = status == 0 ? "Does nothing and succeeds." : "Does nothing and fails.",
        Remarks = "Arguments are expanded and not looked at.",
        Examples = [status == 0 ? $"{name} ${{x:=default}}" : $"{name} || echo failed"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call) => ShellAction.Of(context => context.Status = status);
}
