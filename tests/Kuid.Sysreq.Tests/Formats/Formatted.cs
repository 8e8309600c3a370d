using System.Buffers;
using System.Text;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Commands;

namespace Kuid.Sysreq.Tests.Formats;

/// <summary>Rows written in a format, and what that reads as.</summary>
internal static class Formatted
{
    /// <summary>A row of one value of every kind.</summary>
    public static RowSource EveryKind => Stages.Rows(
        "null:any bool:bool int:int64 uint:uint64 float:float string:string bytes:bytes size:size duration:duration datetime:datetime mode:mode enum:enum error:any list:list record:record",
        [
            null, true, -7, ulong.MaxValue, 1.5, "a\t\"é\"", new byte[] { 0x61, 0xFF }, new SizeValue(1_234_567), new DurationValue(185_500_000_000),
            new DateTimeValue(1795262400, 250_000_000), new ModeValue(0x41ED), new EnumValue("dir", 4), new ErrorValue("ls", "x: permission denied", "EACCES"),
            new ListValue([new Int64Value(1), NullValue.Instance]), new RecordValue([new("k", new StringValue("v"))]),
        ]);

    public static async Task<string> WriteAsync(string format, RowSource rows) => Encoding.Latin1.GetString((await BytesAsync(format, rows)).Span) switch
    {
        var octets when System.Text.Unicode.Utf8.IsValid(Encoding.Latin1.GetBytes(octets)) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(octets)),
        var octets => octets,
    };

    public static async Task<ReadOnlyMemory<byte>> BytesAsync(string format, RowSource rows)
    {
        var output = new ArrayBufferWriter<byte>();
        RowFormat writer = RowFormats.Create(format, output)!;
        writer.Begin(rows.Columns);
        foreach (Value[] row in await rows.ReadAsync())
            writer.Row(row);

        writer.End();
        return output.WrittenMemory;
    }
}
