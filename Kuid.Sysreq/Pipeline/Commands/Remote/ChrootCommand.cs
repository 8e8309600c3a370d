using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>chroot</c>: changes the root of the session.</summary>
internal sealed class ChrootCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "chroot";

    /// <inheritdoc/>
    public override bool LeavesConnectionAlone => false;

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "chroot DIR",
        Summary = "Makes a directory the root of everything that follows, and the current directory.",
        Remarks = "It takes a server with the right to do so, as a rule root's. There is no way back but a new connection.",
        Examples = ["chroot /srv/jail"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedExactly("DIR");
        var paths = arguments.Paths();
        return RemoteRows.None(this, stage => RemoteStage.TryAsync(paths[0], async path =>
        {
            // From a current directory outside, everything outside could still be reached.
            await stage.System.ChangeRootAsync(path, stage.Cancellation);
            await stage.System.ChangeDirectoryAsync("/", stage.Cancellation);
        }));
    }
}
