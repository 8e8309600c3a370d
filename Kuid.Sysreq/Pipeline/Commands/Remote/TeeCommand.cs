using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>tee</c>: writes rows to files and lets them pass.</summary>
internal sealed class TeeCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "tee";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "tee [-a] FILE...",
        Summary = "Writes its input to files, as > does, and lets it pass.",
        Remarks = "Bytes are written as they are; other rows a line each, their values separated by tabs.",
        Options = [("-a", "behind what the files have")],
        ColumnsRemark = "those of its input",
        Examples = ["ps | select pid comm | tee processes | count", "run make | tee -a build.log"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "FILE");
        return new TeeSource(this, arguments.Input, arguments.Paths(), arguments.Has("-a"));
    }

    private sealed class TeeSource(Command command, RowSource input, IReadOnlyList<ByteString> paths, bool append) : PassThroughSource(input)
    {
        private const int FlushLength = 64 * 1024;

        private const OpenFlags Flags = OpenFlags.Write | OpenFlags.Create | OpenFlags.NoTerminal;

        public override async IAsyncEnumerable<Value[]> ReadAsync(
            CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
        {
            var stage = new RemoteStage(command.Name, context, [], cancellation);
            var files = await OpenAsync(stage);
            var text = new RowText(Input.Columns);
            try
            {
                await foreach (var row in Input.ReadAsync(context, cancellation))
                {
                    text.Add(row);
                    if (text.Length >= FlushLength)
                        await WriteAsync(stage, files, text.Take());

                    yield return row;
                }
            }
            finally
            {
                // Also when later stages have enough, or an earlier one failed: what has passed is in the files.
                if (!cancellation.IsCancellationRequested)
                    await WriteAsync(stage, files, text.Take());

                foreach (var file in files.ToList())
                    await CloseAsync(stage, file);
            }
        }

        /// <summary>Writes to all of them; one that takes no more is reported, and left.</summary>
        private static async Task WriteAsync(RemoteStage stage, List<RemoteFile> files, byte[] bytes)
        {
            foreach (var file in bytes.Length > 0 ? files.ToList() : [])
            {
                try
                {
                    await stage.System.WriteAsync(file.Descriptor, bytes, stage.Cancellation);
                }
                catch (SysreqException error)
                {
                    files.Remove(file);
                    await file.DisposeAsync();
                    await stage.ReportAsync(file.Path, error);
                }
            }
        }

        private static async Task CloseAsync(RemoteStage stage, RemoteFile file)
        {
            try
            {
                await file.CloseAsync(CancellationToken.None);
            }
            catch (SysreqException error)
            {
                await stage.ReportAsync(file.Path, error);
            }
            catch (IOException)
            {
                // The connection is lost, which whoever reads the rows is told.
            }
        }

        private async Task<List<RemoteFile>> OpenAsync(RemoteStage stage)
        {
            var files = new List<RemoteFile>();
            foreach (var path in paths)
            {
                try
                {
                    files.Add(await RemoteFile.OpenAsync(stage, path, Flags | (append ? OpenFlags.Append : OpenFlags.Truncate)));
                }
                catch (SysreqException error)
                {
                    await stage.ReportAsync(path, error);
                }
            }

            return files;
        }
    }
}
