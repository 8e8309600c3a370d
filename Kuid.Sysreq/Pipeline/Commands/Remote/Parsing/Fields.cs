using System.Buffers.Text;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>The fields of a line, separated by any number of blanks, one after the other.</summary>
internal ref struct Fields(ReadOnlySpan<byte> line)
{
    private static ReadOnlySpan<byte> Blanks => " \t"u8;

    /// <summary>What follows the fields taken so far, without the blanks before it.</summary>
    public ReadOnlySpan<byte> Rest { get; private set; } = line.TrimStart(Blanks);

    /// <summary>Takes the next one; false when there is none.</summary>
    public bool TryNext(out ReadOnlySpan<byte> field)
    {
        var end = Rest.IndexOfAny(Blanks);
        field = end < 0 ? Rest : Rest[..end];
        Rest = end < 0 ? default : Rest[end..].TrimStart(Blanks);
        return !field.IsEmpty;
    }

    /// <summary>Takes and drops some; false when there are fewer.</summary>
    public bool TrySkip(int count)
    {
        for (; count > 0; count--)
        {
            if (!TryNext(out _))
                return false;
        }

        return true;
    }

    /// <summary>Takes the next one, which is a decimal number and nothing else.</summary>
    public bool TryNextNumber(out long number)
    {
        number = 0;
        return TryNext(out var field) && TryNumber(field, out number);
    }

    /// <summary>Whether all of the bytes are a signed decimal number.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> bytes, out long number) =>
        Utf8Parser.TryParse(bytes, out number, out int taken) && taken == bytes.Length;

    /// <summary>Whether all of the bytes are an unsigned decimal number.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> bytes, out ulong number) =>
        Utf8Parser.TryParse(bytes, out number, out int taken) && taken == bytes.Length;

    /// <summary>Whether all of the bytes are a hexadecimal number.</summary>
    public static bool TryHex(ReadOnlySpan<byte> bytes, out ulong number) =>
        Utf8Parser.TryParse(bytes, out number, out int taken, 'x') && taken == bytes.Length;
}
