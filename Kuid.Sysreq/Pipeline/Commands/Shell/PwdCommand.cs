using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>pwd</c>: the directory of the server.</summary>
internal sealed class PwdCommand : Command
{
    private static readonly Column Path = new("path", ValueKind.String);

    /// <inheritdoc/>
    public override string Name => "pwd";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "pwd",
        Summary = "The directory that names begin in, as the kernel of the remote system says.",
        Columns = [Path],
        Examples = ["pwd"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new ShellRows([Path], async (context, cancellation) =>
            [[Value.FromBytes((await context.System.WorkingDirectoryAsync(cancellation)).Span)]]);
    }
}
