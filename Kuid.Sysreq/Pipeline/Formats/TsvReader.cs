using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>Reads what <see cref="TsvFormat"/> writes.</summary>
internal static class TsvReader
{
    /// <summary>A record for each line below the header.</summary>
    /// <param name="lines">Rows whose first value is a line.</param>
    /// <exception cref="CommandException">A line has not as many values as the header has names.</exception>
    public static async IAsyncEnumerable<Value> ReadAsync(
        IAsyncEnumerable<Value[]> lines, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string[]? names = null;
        long number = 0;
        await foreach (Value[] line in lines.WithCancellation(cancellation))
        {
            number++;
            Value[] values = Split(ValueText.BytesOf(line[0]).Span);
            if (names is null)
            {
                names = Array.ConvertAll(values, ValueText.Of);
                if (names.Distinct(StringComparer.Ordinal).Count() < names.Length)
                    throw new CommandException("the header has a name twice");

                continue;
            }

            if (values.Length != names.Length)
            {
                throw new CommandException(string.Create(
                    CultureInfo.InvariantCulture, $"line {number} has {values.Length} values and the header {names.Length} names"));
            }

            yield return new RecordValue([.. names.Zip(values, (name, value) => KeyValuePair.Create(name, Typed(value)))]);
        }
    }

    private static Value[] Split(ReadOnlySpan<byte> line)
    {
        List<Value> values = [];
        foreach (Range range in line.Split((byte)'\t'))
            values.Add(Unescape(line[range]));

        return [.. values];
    }

    private static Value Unescape(ReadOnlySpan<byte> cell)
    {
        if (cell.SequenceEqual("\\N"u8))
            return NullValue.Instance;

        var bytes = new ArrayBufferWriter<byte>(cell.Length + 1);
        while (cell.IndexOf((byte)'\\') is >= 0 and var backslash && backslash + 1 < cell.Length)
        {
            bytes.Write(cell[..backslash]);
            bytes.Write(cell[backslash + 1] switch
            {
                (byte)'t' => "\t"u8,
                (byte)'n' => "\n"u8,
                (byte)'r' => "\r"u8,
                (byte)'\\' => "\\"u8,
                _ => cell.Slice(backslash, 2),
            });
            cell = cell[(backslash + 2)..];
        }

        bytes.Write(cell);
        return Value.FromBytes(bytes.WrittenSpan);
    }

    // A number is taken for one only where it is written in the one way that prints it: 007 and 1e3 stay text.
    private static Value Typed(Value value)
    {
        if (value is not StringValue { Text: { Length: > 0 and <= 32 } text } || !char.IsAsciiDigit(text[^1]))
            return value;

        Value number = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer) ? new Int64Value(integer)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong unsigned) ? new UInt64Value(unsigned)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double fraction) ? new FloatValue(fraction)
            : value;
        return ValueText.Of(number) == text ? number : value;
    }
}
