using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>ln</c>: gives files further names.</summary>
internal sealed class LnCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "ln";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "ln [-s] [-f] TARGET... [LINK]",
        Summary = "Gives a file another name, or files further names in a directory; in the current one when only TARGET is given.",
        Options = [("-s", "a symbolic link: TARGET is any text, and need not exist"), ("-f", "what has the name already is removed")],
        Examples = ["ln -s ../shared/data data", "ln a b"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "TARGET");
        var paths = arguments.Paths();
        var symbolic = arguments.Has("-s");
        var force = arguments.Has("-f");
        return RemoteRows.None(this, async stage =>
        {
            var targets = paths.Count == 1 ? paths : paths.SkipLast(1).ToList();
            var place = paths.Count == 1
                ? new Destination(".", IsDirectory: true)
                : await Destination.FindAsync(stage, targets.Count, paths[^1]);
            await stage.ForEachAsync(
                targets, target => place.PathOf(target), target => LinkAsync(stage, target, place.PathOf(target), symbolic, force));
        });
    }

    private static async Task LinkAsync(RemoteStage stage, ByteString target, ByteString link, bool symbolic, bool force)
    {
        try
        {
            await MakeAsync();
        }
        catch (SysreqException error) when (force && error.Error == Errno.EEXIST)
        {
            await stage.System.UnlinkAsync(link, cancellationToken: stage.Cancellation);
            await MakeAsync();
        }

        Task MakeAsync() => symbolic
            ? stage.System.SymlinkAsync(target, link, stage.Cancellation)
            : stage.System.LinkAsync(target, link, stage.Cancellation);
    }
}
