using System.Collections.Frozen;

namespace Kuid.Sysreq.Grammar;

/// <summary>What a unit measures.</summary>
public enum UnitKind
{
    /// <summary>Bytes.</summary>
    Size,

    /// <summary>Time.</summary>
    Duration,
}

/// <summary>A unit that a number in an expression can have.</summary>
/// <param name="Name">As written; letters count as they are: <c>m</c> are minutes, <c>M</c> are mebibytes.</param>
/// <param name="Factor">How many bytes or nanoseconds one is.</param>
public sealed record Unit(string Name, UnitKind Kind, long Factor);

/// <summary>
/// The units. <c>KB</c> is 1000 bytes and <c>KiB</c> 1024 (IEC 80000-13); a single letter is what <c>ls -h</c> means by it, 1024.
/// </summary>
public static class Units
{
    /// <summary>All of them, smaller ones first.</summary>
    public static IReadOnlyList<Unit> All { get; } = [.. Sizes(), .. Durations()];

    private static readonly FrozenDictionary<string, Unit> ByName = All.ToFrozenDictionary(unit => unit.Name, StringComparer.Ordinal);

    /// <summary>Finds a unit; null when there is none of that name.</summary>
    public static Unit? Find(string name) => ByName.GetValueOrDefault(name);

    private static IEnumerable<Unit> Sizes()
    {
        yield return new Unit("B", UnitKind.Size, 1);
        long decimalFactor = 1;
        long binaryFactor = 1;
        foreach (char prefix in "KMGTPE")
        {
            decimalFactor *= 1000;
            binaryFactor *= 1024;
            yield return new Unit($"{prefix}B", UnitKind.Size, decimalFactor);
            yield return new Unit($"{prefix}iB", UnitKind.Size, binaryFactor);
            yield return new Unit($"{prefix}", UnitKind.Size, binaryFactor);
        }
    }

    private static IEnumerable<Unit> Durations()
    {
        (string Name, long Factor)[] durations =
        [
            ("ns", 1),
            ("us", 1_000),
            ("ms", 1_000_000),
            ("s", 1_000_000_000),
            ("m", 60_000_000_000),
            ("h", 3_600_000_000_000),
            ("d", 86_400_000_000_000),
            ("w", 604_800_000_000_000),
        ];
        return durations.Select(duration => new Unit(duration.Name, UnitKind.Duration, duration.Factor));
    }
}
