using System.Globalization;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>lsof</c>: what processes have open.</summary>
internal sealed class LsofCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "lsof";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "lsof [PID...]",
        Summary = "What processes have open, and as which descriptors; of all when none is named.",
        Remarks = "target is a path, or what the kernel writes for what has none, such as socket:[INODE]. Those of other users are seen by root only.",
        Columns = [ProcessStat.Columns[0], new("fd", ValueKind.Int64), FileColumns.Target],
        OnDemand = [ProcessStat.Columns[1]],
        Examples = ["lsof 1", "lsof | grep target deleted | select pid comm target", "ps | where comm == 'sshd' | xargs lsof"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var pids = new ArgumentReader(call, Help).Pids();
        return new RemoteRows(this, stage => ReadAsync(stage, pids));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<int> pids)
    {
        var hidden = 0;
        var batches = pids.Count == 0 ? ProcessDetails.BatchesAsync(stage) : pids.Chunk(RemoteStage.BatchSize).ToAsyncEnumerable();
        await foreach (var batch in batches)
        {
            var names = stage.Demanded.Count > 0 ? await NamesAsync(stage, batch) : [];
            var tables = await Task.WhenAll(batch.Select(pid => TableAsync(stage, pid)));
            var open = new List<(int Pid, int Descriptor, int Index)>();
            for (var index = 0; index < batch.Count; index++)
            {
                open.AddRange(tables[index].Descriptors.Select(descriptor => (batch[index], descriptor, index)));
                if (tables[index].Error is not { } error)
                    continue;

                // Of all processes some end meanwhile, and most are others'.
                if (pids.Count > 0)
                    await ReportAsync(stage, batch[index], error);
                else if (error.Error != Errno.ENOENT && error.Error != Errno.ESRCH)
                    hidden++;
            }

            foreach (var part in open.Chunk(RemoteStage.BatchSize))
            {
                var targets = await stage.System.ReadLinkAllAsync(
                    [.. part.Select(item => new ByteString($"{FolderOf(item.Pid)}/{item.Descriptor}"))], stage.Cancellation);
                for (var place = 0; place < part.Length; place++)
                {
                    // What was closed in the meantime is not open.
                    if (!targets[place].Succeeded)
                        continue;

                    var (pid, descriptor, index) = part[place];
                    Value[] row = [new Int64Value(pid), new Int64Value(descriptor), FileColumns.Name(targets[place].Value)];
                    yield return stage.Demanded.Count > 0 ? [.. row, names[index]] : row;
                }
            }
        }

        if (hidden > 0)
            await stage.ReportAsync(string.Create(CultureInfo.InvariantCulture, $"{hidden} processes belong to others, and do not show what they have open"));
    }

    private static async Task<(IReadOnlyList<int> Descriptors, SysreqException? Error)> TableAsync(RemoteStage stage, int pid)
    {
        var descriptors = new List<int>();
        try
        {
            await foreach (var entry in stage.System.ListAsync(FolderOf(pid), stage.Cancellation))
            {
                if (Fields.TryNumber(entry.Name.Span, out ulong descriptor) && descriptor <= int.MaxValue)
                    descriptors.Add((int)descriptor);
            }

            return (descriptors, null);
        }
        catch (SysreqException error)
        {
            return (descriptors, error);
        }
    }

    private static async Task<IReadOnlyList<Value>> NamesAsync(RemoteStage stage, IReadOnlyList<int> pids)
    {
        var names = new List<Value>(pids.Count);
        var paths = pids.Select(pid => new ByteString($"/proc/{pid}/comm"));
        await foreach (var file in stage.System.ReadFilesAsync([.. paths], 4096, stage.Cancellation))
            names.Add(file.Error is null ? Value.FromBytes(file.Bytes.Span.TrimEnd((byte)'\n')) : NullValue.Instance);

        return names;
    }

    private static ValueTask ReportAsync(RemoteStage stage, int pid, SysreqException error) =>
        error.Error == Errno.ENOENT || error.Error == Errno.ESRCH
            ? stage.Context.ReportAsync(new ErrorValue(stage.Command, $"{pid}: no such process", Errno.ESRCH.Name))
            : stage.ReportAsync($"{pid}", error);

    private static string FolderOf(int pid) => $"/proc/{pid}/fd";
}
