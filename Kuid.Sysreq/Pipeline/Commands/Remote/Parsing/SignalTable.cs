using System.Globalization;

namespace Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

/// <summary>The signals by name (signal(7)); x86-64 and aarch64 have the same numbers.</summary>
internal static class SignalTable
{
    private const int Highest = 64;
    private const int RealTimeFirst = 34;

    private static readonly string[] Names =
    [
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>The number of <c>TERM</c>, <c>SIGTERM</c>, <c>term</c>, <c>15</c> or <c>RTMIN+1</c>; null when there is none.</summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number <= Highest ? number : null;

        var name = text.ToUpperInvariant();
        if (name.StartsWith("SIG", StringComparison.Ordinal))
            name = name[3..];

        if (Array.IndexOf(Names, name) is > 0 and var found)
            return found;

        return name switch
        {
            "RTMIN" => RealTimeFirst,
            "RTMAX" => Highest,
            _ when name.StartsWith("RTMIN+", StringComparison.Ordinal) && Offset(name) is { } above => RealTimeFirst + above,
            _ when name.StartsWith("RTMAX-", StringComparison.Ordinal) && Offset(name) is { } below => Highest - below,
            _ => null,
        };
    }

    /// <summary>The name of a number, such as <c>TERM</c>; <c>RTMIN+1</c> or the number itself where it has no name of its own.</summary>
    public static string NameOf(int number) => number switch
    {
        > 0 when number < Names.Length => Names[number],
        RealTimeFirst => "RTMIN",
        > RealTimeFirst and <= Highest => string.Create(CultureInfo.InvariantCulture, $"RTMIN+{number - RealTimeFirst}"),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    private static int? Offset(string name) =>
        int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
        && offset <= Highest - RealTimeFirst ? offset : null;
}
