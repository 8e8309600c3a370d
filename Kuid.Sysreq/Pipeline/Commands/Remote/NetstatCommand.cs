using System.Globalization;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>netstat</c>: the sockets.</summary>
internal sealed class NetstatCommand : Command
{
    /// <summary>Some 50,000 connections of one protocol.</summary>
    private const int LargestTable = 8 * 1024 * 1024;

    private const string Unix = "unix";
    private static readonly string[] Protocols = ["tcp", "tcp6", "udp", "udp6", Unix];

    /// <inheritdoc/>
    public override string Name => "netstat";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "netstat [PROTOCOL...]",
        Summary = $"The sockets of the system: {Phrase.And(Protocols)}, or only those that are named.",
        Remarks = "The local address of a unix socket is its path, with @ before an abstract name. inode is what lsof shows as socket:[INODE].",
        Columns =
        [
            new("protocol", ValueKind.String), new("state", ValueKind.String),
            new("local_address", ValueKind.String), new("local_port", ValueKind.Int64),
            new("remote_address", ValueKind.String), new("remote_port", ValueKind.Int64),
            new("uid", ValueKind.Int64), new("inode", ValueKind.Int64),
        ],
        OnDemand = [new("recv_q", ValueKind.Size), new("send_q", ValueKind.Size), new("type", ValueKind.String)],
        Examples = ["netstat | where state == 'listen'", "netstat tcp tcp6 | count", "netstat tcp | where remote_port == 443"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        foreach (var operand in arguments.Operands)
        {
            if (!Protocols.Contains(ArgumentReader.Text(operand), StringComparer.Ordinal))
                throw arguments.Refusal(
                    $"there is no protocol {new ByteString(ArgumentReader.Text(operand))}; there are {Phrase.And(Protocols)}", operand);
        }

        IReadOnlyList<string> wanted = arguments.Operands.Count == 0 ? Protocols : [.. arguments.Operands.Select(ArgumentReader.Text)];
        return new RemoteRows(this, stage => ReadAsync(stage, wanted));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<string> protocols)
    {
        var tables = await Task.WhenAll(protocols.Select(protocol => TableAsync(stage, protocol)));
        foreach (var table in tables)
        {
            if (table.Error is { } error)
                await stage.ReportAsync(table.Path, error);

            if (table.Bytes.Length == LargestTable)
                await stage.ReportAsync($"{table.Path}: only the first {LargestTable} bytes of it are looked at");

            var rows = table.Protocol == Unix
                ? Rows(table, UnixSocket.Parse, socket => UnixRow(stage, socket))
                : Rows(table, InternetSocket.Parse, socket => InternetRow(stage, table.Protocol, socket));
            foreach (var (row, problem) in rows)
            {
                if (row is not null)
                    yield return row;
                else
                    await stage.ReportAsync(problem!);
            }
        }
    }

    private static async Task<Table> TableAsync(RemoteStage stage, string protocol)
    {
        ByteString path = $"/proc/net/{protocol}";
        try
        {
            return new Table(protocol, path, await stage.System.ReadFileAsync(path, LargestTable, stage.Cancellation), null);
        }
        catch (SysreqException error)
        {
            // A kernel without IPv6 has no files for it, and no such sockets.
            return new Table(protocol, path, default, error.Error == Errno.ENOENT && protocol.EndsWith('6') ? null : error);
        }
    }

    private static IEnumerable<(Value[]? Row, string? Problem)> Rows<T>(Table table, LineParser<T> parser, Func<T, Value[]> row)
        where T : class
    {
        foreach (var line in Parsed.Lines(table.Bytes.Span, parser, headers: 1))
            yield return line.Entry is { } entry ? (row(entry), null) : (null, $"{table.Path}: {line.Problem}");
    }

    private static Value[] InternetRow(RemoteStage stage, string protocol, InternetSocket socket) =>
    [
        new StringValue(protocol), new StringValue(InternetSocket.States[socket.State]),
        new StringValue(socket.Local.Address.ToString()), new Int64Value(socket.Local.Port),
        new StringValue(socket.Remote.Address.ToString()), new Int64Value(socket.Remote.Port),
        new Int64Value(socket.UserId), new Int64Value(socket.Inode),
        .. stage.Demanded.Select(Value (column) => column switch
        {
            "recv_q" => new SizeValue((long)socket.ReceiveQueue),
            "send_q" => new SizeValue((long)socket.SendQueue),
            _ => new StringValue(protocol.StartsWith("tcp", StringComparison.Ordinal) ? "stream" : "dgram"),
        }),
    ];

    private static Value[] UnixRow(RemoteStage stage, UnixSocket socket) =>
    [
        new StringValue(Unix), new StringValue(socket.State), FileColumns.Name(socket.Path), NullValue.Instance,
        NullValue.Instance, NullValue.Instance, NullValue.Instance, new Int64Value(socket.Inode),
        .. stage.Demanded.Select(Value (column) => column == "type" ? new StringValue(TypeName(socket.Type)) : NullValue.Instance),
    ];

    /// <summary>The types of sockets (socket(2)).</summary>
    private static string TypeName(int type) => type switch
    {
        1 => "stream",
        2 => "dgram",
        5 => "seqpacket",
        _ => type.ToString(CultureInfo.InvariantCulture),
    };

    private sealed record Table(string Protocol, ByteString Path, ReadOnlyMemory<byte> Bytes, SysreqException? Error);
}
