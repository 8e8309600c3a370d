using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>touch</c>: sets the times of files.</summary>
internal sealed class TouchCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "touch";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "touch [-c] [-h] [-d TIME] FILE...",
        Summary = "Sets when files were last read and changed, to now by the clock of the remote system. One that does not exist is made, empty.",
        Options =
        [
            ("-c", "none is made, and one that is missing is no error"), ("-h", "of a symbolic link itself, not of its target"),
            ("-d TIME", "to this moment, such as 2026-11-21T12:00:00Z"),
        ],
        Examples = ["touch started", "touch -d 2026-01-01 notes"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "FILE");
        var paths = arguments.Paths();
        var ignoresMissing = arguments.Has("-c");
        var makes = !arguments.Has("-h");
        var followLinks = !arguments.Has("-h");
        UnixTime? time = arguments.ValueOf("-d") is { } given && arguments.DateTime(given, "TIME") is var moment
            ? new UnixTime(moment.Seconds, (uint)moment.Nanoseconds)
            : null;
        return RemoteRows.None(this, stage => stage.ForEachAsync(paths, async path =>
        {
            try
            {
                await stage.System.TouchAsync(path, time, time, followLinks, stage.Cancellation);
            }
            catch (SysreqException error) when (error.Error == Errno.ENOENT && (ignoresMissing || makes))
            {
                if (!ignoresMissing)
                    await MakeAsync(stage, path, time);
            }
        }));
    }

    private static async Task MakeAsync(RemoteStage stage, ByteString path, UnixTime? time)
    {
        const OpenFlags Flags = OpenFlags.Write | OpenFlags.Create | OpenFlags.NoTerminal | OpenFlags.NonBlocking;
        await using (await RemoteFile.OpenAsync(stage, path, Flags))
        {
        }

        if (time is not null)
            await stage.System.TouchAsync(path, time, time, cancellationToken: stage.Cancellation);
    }
}
