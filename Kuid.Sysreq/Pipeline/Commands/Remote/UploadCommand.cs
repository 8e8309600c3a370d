using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>upload</c>: copies a file of the caller's to the remote system.</summary>
internal sealed class UploadCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "upload";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "upload LOCAL REMOTE",
        Summary = "Copies a file of yours to the remote system, with its permissions; into REMOTE if that is a directory.",
        Remarks = "Only a program that runs as you, such as kuid eval and kuid shell, has files of yours.",
        Examples = ["upload build/app /srv/app/app.new && mv /srv/app/app.new /srv/app/app"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedExactly("LOCAL", "REMOTE");
        if (arguments.Operands.Count < 2)
            return RemoteRows.None(this, _ => Task.CompletedTask);

        var local = LocalTransfer.Path(arguments, arguments.Operands[0]);
        var remote = arguments.Path(arguments.Operands[1]);
        return RemoteRows.None(this, stage => LocalTransfer.DoAsync(stage, local, files => CopyAsync(stage, files, local, remote)));
    }

    private static async Task CopyAsync(RemoteStage stage, ILocalFiles files, string local, ByteString remote)
    {
        var (content, mode) = files.OpenRead(local);
        await using (content)
        {
            var place = await Destination.FindAsync(stage, count: 1, remote);
            var target = place.PathOf(local);
            await RemoteStage.TryAsync(target, async path =>
            {
                await stage.System.WriteFileAsync(
                    path, ChunksAsync(content, stage.Cancellation), mode: (int)mode, cancellationToken: stage.Cancellation);

                // The mask of new files took some away, and a file that was there kept its own.
                await stage.System.ChangeModeAsync(path, (int)mode, stage.Cancellation);
            });
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ChunksAsync(
        Stream content, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[LocalTransfer.ChunkLength];
        while (await content.ReadAsync(buffer, cancellation) is > 0 and var count)
            yield return buffer.AsMemory(0, count);
    }
}
