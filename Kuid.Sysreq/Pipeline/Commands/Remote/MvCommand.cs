using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>mv</c>: renames files.</summary>
internal sealed class MvCommand : Command
{
    private static readonly Errno OtherFileSystem = Errno.Parse("EXDEV")!.Value;

    /// <inheritdoc/>
    public override string Name => "mv";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "mv FROM... TO",
        Summary = "Renames a file, or moves files into a directory.",
        Remarks = "A file that has the new name already is replaced. Across file systems nothing is moved: it would have to be copied.",
        Examples = ["mv notes notes.old", "mv *.log /var/log/old"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        if (arguments.Operands.Count < 2 && !call.AwaitsArguments)
            throw arguments.Refusal("needs FROM and TO");

        var paths = arguments.Paths();
        return RemoteRows.None(this, stage => MoveAsync(stage, [.. paths.SkipLast(1)], paths[^1]));
    }

    private static async Task MoveAsync(RemoteStage stage, ByteString[] from, ByteString to)
    {
        var into = await Destination.FindAsync(stage, from.Length, to);
        foreach (var path in from)
        {
            try
            {
                await stage.System.RenameAsync(path, into.PathOf(path), stage.Cancellation);
            }
            catch (SysreqException error) when (error.Error == OtherFileSystem)
            {
                await stage.Context.ReportAsync(
                    new ErrorValue(stage.Command, $"{path}: {to} is on another file system, and would have to be copied", error.ErrnoName));
            }
            catch (SysreqException error)
            {
                await stage.ReportAsync(path, error);
            }
        }
    }
}
