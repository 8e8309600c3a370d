using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>mkdir</c>: makes directories.</summary>
internal sealed class MkdirCommand : Command
{
    private const int Everything = 0x1FF;

    /// <inheritdoc/>
    public override string Name => "mkdir";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "mkdir [-p] [-m MODE] PATH...",
        Summary = "Makes directories.",
        Options =
        [
            ("-p", "directories on the way are made too, and one that exists is no error"),
            ("-m MODE", "the permissions of the last directory of each path, whatever the mask of new files is"),
        ],
        Examples = ["mkdir -p /srv/data/in", "mkdir -m 700 /tmp/mine"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "PATH");
        var paths = arguments.Paths();
        int? mode = arguments.ValueOf("-m") is { } given ? (int)arguments.Mode(given, "MODE") : null;
        var parents = arguments.Has("-p");
        return RemoteRows.None(this, stage => stage.ForEachAsync(paths, path => MakeAsync(stage, path, mode, parents)));
    }

    private static async Task MakeAsync(RemoteStage stage, ByteString path, int? mode, bool parents)
    {
        if (parents)
            await MakeWithParentsAsync(stage, path);
        else
            await stage.System.MakeDirectoryAsync(path, mode ?? Everything, stage.Cancellation);

        if (mode is { } exact)
            await stage.System.ChangeModeAsync(path, exact, stage.Cancellation);
    }

    /// <summary>Downwards only when it has to be: mostly there is all but the last directory.</summary>
    private static async Task MakeWithParentsAsync(RemoteStage stage, ByteString path)
    {
        if (await TryMakeAsync(stage, path, mayBeMissing: true))
            return;

        // What another makes or removes at the same time is no reason to stop before the last one.
        for (var end = 1; end < path.Length; end++)
        {
            if (path.Span[end] == (byte)'/' && path.Span[end - 1] != (byte)'/')
                await TryMakeAsync(stage, new ByteString(path.Memory[..end]), mayBeMissing: false);
        }

        await TryMakeAsync(stage, path, mayBeMissing: false);
    }

    /// <summary>Makes one, or finds that it is there; false when the one above it is missing and that may be.</summary>
    private static async Task<bool> TryMakeAsync(RemoteStage stage, ByteString path, bool mayBeMissing)
    {
        try
        {
            await stage.System.MakeDirectoryAsync(path, Everything, stage.Cancellation);
            return true;
        }
        catch (SysreqException error) when (error.Error == Errno.ENOENT && mayBeMissing)
        {
            return false;
        }
        catch (SysreqException) when (!stage.Cancellation.IsCancellationRequested)
        {
            // Whatever the reason (it exists, the file system is read-only, the parent is another's), a directory is all that is wanted.
            if (await IsDirectoryAsync(stage, path))
                return true;

            throw;
        }
    }

    private static async Task<bool> IsDirectoryAsync(RemoteStage stage, ByteString path)
    {
        var status = await stage.System.StatAllAsync([path], true, stage.Cancellation);
        return status[0] is { Succeeded: true, Value.Kind: FileKind.Directory };
    }
}
