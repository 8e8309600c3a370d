using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>
/// What <c>/proc</c> knows of processes, fetched for many at once: their stat files in three round trips, their command lines in
/// three more, their owners in one.
/// </summary>
internal static class ProcessDetails
{
    /// <summary>The most that is read of a stat file: 52 numbers of 20 digits and a name fit well.</summary>
    private const int StatLimit = 4096;

    /// <summary>The most that is read of a command line; a program may have given itself megabytes.</summary>
    private const int CommandLineLimit = 4096;

    /// <summary>Columns that cost more than the stat file.</summary>
    public static IReadOnlyList<Column> Dear { get; } = [new("uid", ValueKind.UInt64), new("cmdline", ValueKind.String)];

    /// <summary>The numbers of all processes.</summary>
    public static async IAsyncEnumerable<int> ListAsync(RemoteStage stage, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var entry in stage.System.ListAsync("/proc", stage.Cancellation).WithCancellation(cancellation))
        {
            if (entry.Kind is FileKind.Directory or FileKind.Unknown && Fields.TryNumber(entry.Name.Span, out ulong pid) && pid <= int.MaxValue)
                yield return (int)pid;
        }
    }

    /// <summary>The numbers of all processes, as many at a time as are asked about together.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<int>> BatchesAsync(RemoteStage stage)
    {
        var batch = new List<int>();
        await foreach (var pid in ListAsync(stage))
        {
            batch.Add(pid);
            if (batch.Count < RemoteStage.BatchSize)
                continue;

            yield return batch;
            batch = [];
        }

        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>
    /// The values of the columns for each process that there is still. One that cannot be read is reported, but for those that
    /// have ended when only such are wanted as are running.
    /// </summary>
    public static async Task<IReadOnlyList<Value[]>> ReadAsync(
        RemoteStage stage, IReadOnlyList<int> pids, IReadOnlyList<string> columns, bool reportsEnded)
    {
        var owners = columns.Contains("uid", StringComparer.Ordinal)
            ? await stage.System.StatAllAsync([.. pids.Select(pid => Path(pid, ""))], true, stage.Cancellation)
            : [];
        var commandLines = columns.Contains("cmdline", StringComparer.Ordinal) ? await CommandLinesAsync(stage, pids) : [];
        var rows = new List<Value[]>(pids.Count);
        var index = -1;
        await foreach (var file in stage.System.ReadFilesAsync([.. pids.Select(pid => Path(pid, "/stat"))], StatLimit, stage.Cancellation))
        {
            index++;
            if (file.Error is { } error)
            {
                if (reportsEnded || !HasEnded(error))
                    await stage.Context.ReportAsync(Missing(stage, pids[index], error));

                continue;
            }

            var stat = ProcessStat.Parse(file.Bytes.Span);
            if (stat.Entry is not { } values)
            {
                await stage.ReportAsync($"{file.Path}: {stat.Problem}");
                continue;
            }

            rows.Add([.. columns.Select(column => column switch
            {
                "uid" => owners[index].Succeeded ? new UInt64Value(owners[index].Value.UserId) : NullValue.Instance,
                "cmdline" => commandLines[index],
                _ => values[ProcessStat.IndexOf(column)],
            })]);
        }

        return rows;
    }

    private static async Task<IReadOnlyList<Value>> CommandLinesAsync(RemoteStage stage, IReadOnlyList<int> pids)
    {
        var lines = new List<Value>(pids.Count);
        var paths = pids.Select(pid => Path(pid, "/cmdline"));
        await foreach (var file in stage.System.ReadFilesAsync([.. paths], CommandLineLimit, stage.Cancellation))
            lines.Add(file.Error is null ? CommandLine(file.Bytes) : NullValue.Instance);

        return lines;
    }

    /// <summary>Each argument ends with a NUL: they are shown with a blank between them, as everywhere.</summary>
    private static Value CommandLine(ReadOnlyMemory<byte> bytes)
    {
        var line = bytes.ToArray().AsSpan().TrimEnd((byte)0);
        line.Replace((byte)0, (byte)' ');
        return Value.FromBytes(line);
    }

    private static ByteString Path(int pid, string file) => $"/proc/{pid}{file}";

    /// <summary>A process may end between the opening of its file, which finds none, and the reading, which finds no process.</summary>
    private static bool HasEnded(SysreqException error) => error.Error == Errno.ENOENT || error.Error == Errno.ESRCH;

    private static ErrorValue Missing(RemoteStage stage, int pid, SysreqException error) => HasEnded(error)
        ? new ErrorValue(stage.Command, $"{pid}: no such process", Errno.ESRCH.Name)
        : new ErrorValue(stage.Command, $"{pid}: {error.Error.Text}", error.ErrnoName);
}
