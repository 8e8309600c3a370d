using System.Buffers;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>Reads the numbers of expressions and of arithmetic: decimal, <c>0x</c> hexadecimal, <c>0</c> octal.</summary>
internal static class NumberReader
{
    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> DecimalDigits = SearchValues.Create("0123456789.");

    /// <summary>Goes past a number with a fraction and a unit, if it has them.</summary>
    internal static (string Number, string Unit) Read(ParseState state)
    {
        Scanner scanner = state.Scanner;
        SourcePosition start = scanner.Position;
        if (scanner.Current == '0' && scanner.Next is 'x' or 'X')
        {
            return (ReadInteger(state), "");
        }

        int digits = Digits(scanner.Rest);
        if (scanner.Ahead(digits) == '.' && char.IsAsciiDigit(scanner.Ahead(digits + 1)))
        {
            digits += 1 + Digits(scanner.Rest[(digits + 1)..]);
        }

        string number = Take(scanner, digits);
        SourcePosition unitStart = scanner.Position;
        string unit = Take(scanner, Names.VariableLength(scanner.Rest));
        if (unit.Length > 0 && Units.Find(unit) is null)
        {
            throw state.Fail(
                state.Since(unitStart), $"{Quoting.Code(unit)} is no unit; there are {string.Join(", ", Units.All.Select(known => known.Name))}");
        }

        RequireDigits(state, start, number);
        return (number, unit);
    }

    /// <summary>Goes past an integer.</summary>
    internal static string ReadInteger(ParseState state)
    {
        Scanner scanner = state.Scanner;
        SourcePosition start = scanner.Position;
        int length = 0;
        while (Names.Continues(scanner.Ahead(length)))
        {
            length++;
        }

        string number = Take(scanner, length);
        if (scanner.Current == '#')
        {
            throw state.Fail(state.Since(start), "numbers of other bases are not supported: write decimal, `0x` hexadecimal or `0` octal ones");
        }

        RequireDigits(state, start, number);
        return number;
    }

    private static void RequireDigits(ParseState state, SourcePosition start, string number)
    {
        ReadOnlySpan<char> digits = number.AsSpan();
        bool isHexadecimal = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool isOctal = !isHexadecimal && digits.Length > 1 && digits[0] == '0' && !digits.Contains('.');
        bool isRight = isHexadecimal
            ? digits.Length > 2 && !digits[2..].ContainsAnyExcept(HexadecimalDigits)
            : isOctal ? !digits.ContainsAnyExceptInRange('0', '7') : !digits.ContainsAnyExcept(DecimalDigits);
        if (!isRight)
        {
            string kind = isHexadecimal ? "hexadecimal number" : isOctal ? "octal number, which a leading 0 makes it" : "number";
            throw state.Fail(state.Since(start), $"{Quoting.Code(number)} is no {kind}");
        }
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private static string Take(Scanner scanner, int length)
    {
        string text = scanner.Rest[..length].ToString();
        scanner.Advance(length);
        return text;
    }
}
