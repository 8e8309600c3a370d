using System.Globalization;

namespace Kuid.TestKit;

/// <summary>How long the tests that <c>make soak</c> runs may take: KUID_SOAK_SECONDS, and without it they are skipped.</summary>
/// <remarks>They carry <c>[Trait("Length", "Soak")]</c>, which is how <c>make soak</c> finds them.</remarks>
public static class Soak
{
    /// <summary>What a skipped test says.</summary>
    public const string Reason = "takes long: `make soak` runs it, or KUID_SOAK_SECONDS set to how many seconds it may take";

    /// <summary>How many seconds; 0 when nobody has asked for it.</summary>
    public static int Seconds { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("KUID_SOAK_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : 0;

    /// <summary>Whether somebody has asked for it.</summary>
    public static bool IsAsked => Seconds > 0;
}
