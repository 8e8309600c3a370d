using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>download</c>: copies a file of the remote system to the caller.</summary>
internal sealed class DownloadCommand : Command
{
    /// <summary>What may be set on a file of the caller's: a remote system does not make programs that run as their owner.</summary>
    private const uint OrdinaryBits = 0x1FF;

    /// <inheritdoc/>
    public override string Name => "download";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "download REMOTE LOCAL",
        Summary = "Copies a file of the remote system to you, with its permissions but set-id and sticky; into LOCAL if that is a directory.",
        Remarks = "Only a program that runs as you, such as kuid eval and kuid shell, has files of yours.",
        Examples = ["download /var/log/syslog syslog", "download /etc/passwd ."],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedExactly("REMOTE", "LOCAL");
        if (arguments.Operands.Count < 2)
            return RemoteRows.None(this, _ => Task.CompletedTask);

        var remote = arguments.Path(arguments.Operands[0]);
        var local = LocalTransfer.Path(arguments, arguments.Operands[1]);
        return RemoteRows.None(this, stage => LocalTransfer.DoAsync(stage, local, files => CopyAsync(stage, files, remote, local)));
    }

    private static async Task CopyAsync(RemoteStage stage, ILocalFiles files, ByteString remote, string local)
    {
        var status = await RemoteStage.TryAsync(remote, path => stage.System.StatAsync(path, cancellationToken: stage.Cancellation));
        if (status.Kind == FileKind.Directory)
            throw new CommandException($"{remote}: is a directory", errno: Errno.EISDIR.Name);

        await using var chunks = stage.System.ReadChunksAsync(remote, stage.Cancellation).GetAsyncEnumerator(stage.Cancellation);

        // A file of the caller's is touched only when there is something to put into it.
        var more = await RemoteStage.TryAsync(remote, _ => chunks.MoveNextAsync().AsTask());
        var target = files.IsDirectory(local) ? System.IO.Path.Combine(local, NameOf(remote)) : local;
        await using var content = files.OpenWrite(target, (UnixFileMode)(status.Mode & OrdinaryBits));
        for (; more; more = await RemoteStage.TryAsync(remote, _ => chunks.MoveNextAsync().AsTask()))
            await content.WriteAsync(chunks.Current, stage.Cancellation);
    }

    /// <summary>The remote name is only ever a name here, so that it leads nowhere else.</summary>
    private static string NameOf(ByteString remote) => PathArguments.LastPart(remote).TryDecode() is { Length: > 0 } name and not ("." or "..")
        ? name
        : throw new CommandException($"{remote}: its name cannot be one here; name the file");
}
