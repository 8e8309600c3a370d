using System.Text;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>hexdump</c>: bytes for people.</summary>
internal sealed class HexdumpCommand : Command
{
    private const int BytesARow = 16;

    /// <inheritdoc/>
    public override string Name => "hexdump";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "hexdump [FILE...]",
        Summary = "Bytes in hexadecimal, 16 a row: of files one after the other, or of the rows of the stage before.",
        Columns = [new("offset", ValueKind.UInt64), new("hex", ValueKind.String), new("text", ValueKind.String)],
        Examples = ["hexdump /bin/true | head 4", "cat /proc/self/auxv | hexdump"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        var input = arguments.Operands.Count == 0 && !call.AwaitsArguments ? arguments.Input : null;
        var paths = arguments.Paths();
        return new RemoteRows(this, stage => DumpAsync(input is null
            ? FileBytes.ReadAsync(stage, paths).Select(chunk => chunk.Bytes)
            : RowText.ReadAsync(input, stage.Context, stage.Cancellation)));
    }

    private static async IAsyncEnumerable<Value[]> DumpAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> chunks)
    {
        var offset = 0UL;
        var pending = new List<byte>(BytesARow);
        await foreach (var chunk in chunks)
        {
            for (var place = 0; place < chunk.Length;)
            {
                var taken = Math.Min(BytesARow - pending.Count, chunk.Length - place);
                pending.AddRange(chunk.Span.Slice(place, taken));
                place += taken;
                if (pending.Count < BytesARow)
                    break;

                yield return Row(offset, [.. pending]);
                offset += BytesARow;
                pending.Clear();
            }
        }

        if (pending.Count > 0)
            yield return Row(offset, [.. pending]);
    }

    private static Value[] Row(ulong offset, byte[] bytes)
    {
        var hex = new StringBuilder(3 * BytesARow);
        var text = new StringBuilder(BytesARow);
        foreach (var value in bytes)
        {
            hex.Append(hex.Length == 0 ? "" : " ").Append(Convert.ToHexStringLower([value]));
            text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
        }

        return [new UInt64Value(offset), new StringValue(hex.ToString()), new StringValue(text.ToString())];
    }
}
