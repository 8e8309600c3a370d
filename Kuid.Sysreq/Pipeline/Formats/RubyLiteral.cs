using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>Values as Ruby's <c>inspect</c> prints them.</summary>
internal static partial class RubyLiteral
{
    /// <summary>A symbol: <c>:pid</c>, <c>:"a b"</c>.</summary>
    public static string Symbol(string name) => PlainSymbol().IsMatch(name) ? ":" + name : ":" + String(Encoding.UTF8.GetBytes(name));

    /// <summary>A value.</summary>
    public static string Of(Value value) => value switch
    {
        NullValue => "nil",
        FloatValue number => Float(number.Number),
        ModeValue mode => mode.Bits.ToString(CultureInfo.InvariantCulture),
        EnumValue named => named.Number.ToString(CultureInfo.InvariantCulture),
        DateTimeValue moment => DateTimeText.Ruby(moment),
        ListValue list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        RecordValue record => $"{{{string.Join(", ", record.Members.Select(Pair))}}}",
        StringValue or BytesValue or ErrorValue => String(ValueText.BytesOf(value).Span),
        _ => ValueText.Of(value),
    };

    private static string Pair(KeyValuePair<string, Value> member) => $"{String(Encoding.UTF8.GetBytes(member.Key))}=>{Of(member.Value)}";

    private static string Float(double number)
    {
        if (!double.IsFinite(number))
            return double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";

        // Ruby writes a float with a point always, and with an exponent below 0.0001 and from 1e16 on.
        string shortest = number.ToString("R", CultureInfo.InvariantCulture);
        string[] parts = Scientific(number).Split('E');
        int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (number != 0 && exponent is < -4 or >= 16)
        {
            string mantissa = WithPoint(parts[0]);
            return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}");
        }

        // Fifteen digits before the point and more: the framework has turned to an exponent, and Ruby has not.
        if (!shortest.Contains('E', StringComparison.Ordinal))
            return WithPoint(shortest);

        decimal exact = decimal.Parse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture);
        return WithPoint(exact.ToString(CultureInfo.InvariantCulture));
    }

    private static string WithPoint(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits : digits + ".0";

    // The fewest digits that are this float and no other.
    private static string Scientific(double number)
    {
        for (int precision = 0; precision < 16; precision++)
        {
            string digits = number.ToString($"E{precision}", CultureInfo.InvariantCulture);
            if (double.Parse(digits, CultureInfo.InvariantCulture).Equals(number))
                return digits;
        }

        return number.ToString("E16", CultureInfo.InvariantCulture);
    }

    private static string String(ReadOnlySpan<byte> bytes)
    {
        var literal = new StringBuilder("\"");
        while (bytes.Length > 0)
        {
            bool isCharacter = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            ReadOnlySpan<byte> rest = bytes[length..];
            if (!isCharacter)
            {
                foreach (byte octet in bytes[..length])
                    literal.Append(CultureInfo.InvariantCulture, $"\\x{octet:X2}");
            }
            else
            {
                bool beginsSubstitution = rune.Value == '#' && rest.Length > 0 && rest[0] is (byte)'{' or (byte)'$' or (byte)'@';
                literal.Append(beginsSubstitution ? "\\#" : Character(rune));
            }

            bytes = rest;
        }

        return literal.Append('"').ToString();
    }

    private static string Character(Rune rune) => rune.Value switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\f' => "\\f",
        '\v' => "\\v",
        '\b' => "\\b",
        '\a' => "\\a",
        '\e' => "\\e",
        < ' ' or 0x7F => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:X2}"),
        _ when Prints(rune) => rune.ToString(),
        <= 0xFFFF => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}"),
    };

    private static bool Prints(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*[?!]?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex PlainSymbol();
}
