using System.Buffers;
using System.Globalization;
using System.Text;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// Reads <c>$'...'</c>. Its escapes can make any bytes; where these are UTF-8 they are text, and one that is not becomes a lone
/// surrogate from U+DC80 to U+DCFF, so that <see cref="AnsiQuotedPart.Value"/> is one text that loses nothing.
/// </summary>
internal sealed class AnsiQuoteReader(ParseState state)
{
    private const string Escapes = "`\\a \\b \\e \\f \\n \\r \\t \\v \\\\ \\' \\\" \\? \\NNN \\xHH \\uHHHH \\UHHHHHHHH \\cX`";

    private readonly ArrayBufferWriter<byte> _bytes = new();

    private Scanner Scanner => state.Scanner;

    /// <summary>Goes past the quotes, from the dollar on.</summary>
    internal AnsiQuotedPart Read()
    {
        SourceSpan opening = state.Ahead(2);
        Scanner.Advance(2);
        var text = new StringBuilder();
        while (Scanner.Current != '\'')
        {
            int run = Scanner.Rest.IndexOfAny('\'', '\\');
            if (run < 0 || (run == Scanner.Rest.Length - 1 && Scanner.Rest[run] == '\\'))
            {
                Scanner.Advance(Scanner.Rest.Length);
                throw state.FailOpen(opening, "the quote `$'` is never closed");
            }

            text.Append(Scanner.Rest[..run]);
            Encoding.UTF8.GetBytes(Scanner.Rest[..run], _bytes);
            Scanner.Advance(run);
            if (Scanner.Current == '\\')
            {
                text.Append(Escape());
            }
        }

        Scanner.Advance();
        return new AnsiQuotedPart(text.ToString(), Decoded(_bytes.WrittenSpan));
    }

    private string Escape()
    {
        ReadOnlySpan<char> rest = Scanner.Rest;
        SourcePosition start = Scanner.Position;
        (int length, int? code, bool isByte) = rest[1] switch
        {
            'a' => (2, 7, true),
            'b' => (2, 8, true),
            'e' or 'E' => (2, 27, true),
            'f' => (2, 12, true),
            'n' => (2, 10, true),
            'r' => (2, 13, true),
            't' => (2, 9, true),
            'v' => (2, 11, true),
            '\\' or '\'' or '"' or '?' => (2, rest[1], true),
            >= '0' and <= '7' => Digits(1, 3, 8, true),
            'x' => Digits(2, 2, 16, true),
            'u' => Digits(2, 4, 16, false),
            'U' => Digits(2, 8, 16, false),
            'c' when rest.Length > 2 && rest[2] is >= '?' and <= '_' or >= 'a' and <= 'z' =>
                (3, rest[2] == '?' ? 127 : char.ToUpperInvariant(rest[2]) - '@', true),
            _ => (char.IsHighSurrogate(rest[1]) && rest.Length > 2 && char.IsLowSurrogate(rest[2]) ? 3 : 2, (int?)null, true),
        };
        string written = rest[..Math.Min(length, rest.Length)].ToString();
        Scanner.Advance(written.Length);
        if (code is null or 0 || (!isByte && !Rune.IsValid(code.Value)) || (isByte && code > 255))
        {
            throw state.Fail(state.Since(start), code == 0
                ? $"{Quoting.Code(written)} is a NUL, which no text can contain"
                : $"{Quoting.Code(written)} means no character in `$'...'`; there are {Escapes}");
        }

        if (isByte)
        {
            _bytes.Write([(byte)code.Value]);
        }
        else
        {
            Encoding.UTF8.GetBytes(new Rune(code.Value).ToString(), _bytes);
        }

        return written;
    }

    // The digits that follow, at most so many; null when there are none.
    private (int Length, int? Code, bool IsByte) Digits(int from, int most, int radix, bool isByte)
    {
        ReadOnlySpan<char> rest = Scanner.Rest;
        int end = from;
        uint code = 0;
        while (end < rest.Length && end < from + most && char.IsAsciiHexDigit(rest[end])
            && int.Parse(rest.Slice(end, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is var digit && digit < radix)
        {
            code = (code * (uint)radix) + (uint)digit;
            end++;
        }

        return (end, end == from ? null : (int)Math.Min(code, int.MaxValue), isByte);
    }

    private static string Decoded(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length);
            if (status == OperationStatus.Done)
            {
                text.Append(rune);
            }
            else
            {
                foreach (byte single in bytes[..length])
                {
                    text.Append((char)(0xDC00 + single));
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }
}
