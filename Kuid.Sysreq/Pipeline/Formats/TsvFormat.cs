using System.Buffers;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>
/// Tab-separated values: a line with the names of the columns, then a row a line. A tab, a line end, a carriage return and a backslash
/// are <c>\t</c>, <c>\n</c>, <c>\r</c> and <c>\\</c>; null is <c>\N</c>; bytes that are no UTF-8 stay as they are.
/// </summary>
public sealed class TsvFormat(IBufferWriter<byte> output) : HeadedFormat(output)
{
    /// <inheritdoc/>
    protected override void BeginRows(IReadOnlyList<Column> columns)
    {
        for (int index = 0; index < columns.Count; index++)
        {
            WriteSeparator(index);
            WriteEscaped(System.Text.Encoding.UTF8.GetBytes(columns[index].Name));
        }

        Output.Write("\n"u8);
    }

    /// <inheritdoc/>
    protected override void WriteRow(ReadOnlySpan<Value> row)
    {
        for (int index = 0; index < row.Length; index++)
        {
            WriteSeparator(index);
            if (row[index] is NullValue)
                Output.Write("\\N"u8);
            else
                WriteEscaped(ValueText.BytesOf(row[index]).Span);
        }

        Output.Write("\n"u8);
    }

    /// <inheritdoc/>
    protected override void EndForOtherMembers() => throw new CommandException(
        "a record has other members than those before, and TSV has one header; name the columns, as in from json name size");

    private void WriteSeparator(int index)
    {
        if (index > 0)
            Output.Write("\t"u8);
    }

    private void WriteEscaped(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOfAny("\t\n\r\\"u8) is >= 0 and var special)
        {
            Output.Write(bytes[..special]);
            Output.Write(bytes[special] switch { (byte)'\t' => "\\t"u8, (byte)'\n' => "\\n"u8, (byte)'\r' => "\\r"u8, _ => "\\\\"u8 });
            bytes = bytes[(special + 1)..];
        }

        Output.Write(bytes);
    }
}
