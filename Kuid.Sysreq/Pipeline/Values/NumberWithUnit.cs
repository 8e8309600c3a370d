using System.Globalization;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>Decimal numbers with a unit behind them, exact up to 28 digits.</summary>
internal static class NumberWithUnit
{
    /// <summary>Splits a text into its number and its unit, which may be empty and may stand apart.</summary>
    public static bool TrySplit(string text, out decimal number, out string unit)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        int end = trimmed.Length;
        while (end > 0 && !char.IsAsciiDigit(trimmed[end - 1]) && trimmed[end - 1] != '.')
            end--;

        unit = trimmed[end..].TrimStart().ToString();
        return decimal.TryParse(
            trimmed[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The number times its unit, to the nearest whole; false when that is beyond 64 bits.</summary>
    public static bool TryScale(decimal number, decimal unit, out long scaled)
    {
        scaled = 0;
        if (Math.Abs(number) > long.MaxValue / unit)
            return false;

        scaled = (long)Math.Round(number * unit, MidpointRounding.AwayFromZero);
        return true;
    }
}
