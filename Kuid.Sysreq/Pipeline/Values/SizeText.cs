using System.Globalization;
using Kuid.Sysreq.Grammar;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>Numbers of bytes, as people write and read them: <c>1KB</c> is 1000, <c>1KiB</c> and <c>1K</c> are 1024.</summary>
public static class SizeText
{
    private const string Prefixes = "KMGTPE";

    private static readonly Unit Bytes = new("B", UnitKind.Size, 1);

    /// <summary>The units, for messages.</summary>
    public static string Units => "B, KB, MB, GB... (1000), KiB, MiB, GiB... or K, M, G... (1024)";

    /// <summary>Reads a size: a number of bytes, or one with a unit.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        return NumberWithUnit.TrySplit(text, out decimal number, out string unit)
            && (unit.Length == 0 ? Bytes : Grammar.Units.Find(unit)) is { Kind: UnitKind.Size } size
            && NumberWithUnit.TryScale(number, size.Factor, out bytes);
    }

    /// <summary>A size for people: <c>999 B</c>, <c>1.2 MB</c>, <c>123 GB</c>, in units of 1000.</summary>
    public static string Display(long bytes)
    {
        decimal magnitude = Math.Abs((decimal)bytes);
        if (magnitude < 1000)
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");

        int exponent = 0;
        decimal shown = magnitude;
        do
        {
            shown = magnitude / Power(1000, ++exponent);
            shown = Math.Round(shown, shown < 99.95m ? 1 : 0, MidpointRounding.AwayFromZero);
        }
        while (shown >= 1000 && exponent < Prefixes.Length);

        string sign = bytes < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{shown.ToString(shown < 100 ? "0.0" : "0", CultureInfo.InvariantCulture)} {Prefixes[exponent - 1]}B");
    }

    private static decimal Power(decimal number, int exponent) => exponent == 0 ? 1 : number * Power(number, exponent - 1);
}
