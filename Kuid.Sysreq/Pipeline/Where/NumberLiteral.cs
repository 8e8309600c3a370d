using System.Globalization;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Where;

/// <summary>Numbers as they are written in a condition, with their units.</summary>
internal static class NumberLiteral
{
    /// <summary>The value: a size or a duration where a unit says so; a number with a leading 0 and no other sign is octal.</summary>
    /// <exception cref="CommandException">There is no such unit, or the number is beyond 64 bits.</exception>
    public static Value Read(NumberExpression written)
    {
        string shown = written.Number + written.Unit;
        if (written.Unit.Length == 0)
            return Plain(written.Number) ?? throw new CommandException($"{shown} is no number, or beyond 64 bits", written.Span, status: 2);

        if (Units.Find(written.Unit) is not { } unit)
        {
            throw new CommandException(
                $"{written.Unit} is no unit; sizes have {SizeText.Units}, durations {DurationText.Units}", written.Span, status: 2);
        }

        if (!decimal.TryParse(written.Number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || !NumberWithUnit.TryScale(number, unit.Factor, out long scaled))
        {
            throw new CommandException($"{shown} is beyond 64 bits", written.Span, status: 2);
        }

        return unit.Kind == UnitKind.Size ? new SizeValue(scaled) : new DurationValue(scaled);
    }

    private static Value? Plain(string digits)
    {
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits) ? ValueArithmetic.Number(bits) : null;

        if (digits is ['0', _, ..] && digits.All(char.IsAsciiDigit))
            return Octal(digits);

        if (!digits.Contains('.', StringComparison.Ordinal))
            return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong integer) ? ValueArithmetic.Number(integer) : null;

        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) ? new FloatValue(number) : null;
    }

    private static Value? Octal(string digits)
    {
        Int128 number = 0;
        foreach (char digit in digits)
        {
            if (digit > '7' || number > ulong.MaxValue >> 3)
                return null;

            number = (number * 8) + (digit - '0');
        }

        return ValueArithmetic.Number(number);
    }
}
