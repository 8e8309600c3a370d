using System.Globalization;

namespace Kuid.TestKit;

/// <summary>Which damaged inputs are tried. A seed and the number of a case always make the same input.</summary>
/// <param name="Seed">From KUID_FUZZ_SEED, or always the same.</param>
/// <param name="Count">How many, from KUID_FUZZ_COUNT, or what the suite has time for.</param>
public sealed record FuzzPlan(ulong Seed, long Count)
{
    /// <summary>The seed when none is chosen.</summary>
    public const ulong DefaultSeed = 20_240_229;

    /// <summary>What the environment says.</summary>
    public static FuzzPlan Of(long defaultCount) =>
        new((ulong)(Variable("KUID_FUZZ_SEED") ?? (long)DefaultSeed), Variable("KUID_FUZZ_COUNT") ?? defaultCount);

    /// <summary>How to ask for the same again.</summary>
    public override string ToString() => FormattableString.Invariant($"KUID_FUZZ_SEED={Seed} KUID_FUZZ_COUNT={Count}");

    private static long? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
        ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
        : null;
}
