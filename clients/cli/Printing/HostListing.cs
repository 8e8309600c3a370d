namespace Kuid.Cli.Printing;

/// <summary>Hosts that the daemon's pipelines can name.</summary>
internal static class HostListing
{
    /// <summary>What <c>kuid host ls</c> shows.</summary>
    internal static Listing Listing { get; } =
        new("name", ("NAME", Member.Of("name")), ("SOURCE", Member.Of("source")), ("ADDRESS", Member.Of("address")));

    /// <summary>What <c>kuid host probe</c> shows of several.</summary>
    internal static Listing Probes { get; } = new(
        "name",
        ("NAME", Member.Of("name")),
        ("REACHABLE", Member.Of("reachable")),
        ("LATENCY", Member.Of("latencySeconds")),
        ("SERVER", Member.Of("server")),
        ("PROFILE", Member.Of("profile")),
        ("ADDRESS", Member.Of("address")),
        ("ERROR", Member.Of("error")))
    {
        Colour = probe => probe.GetProperty("reachable").GetBoolean() ? RowColour.Good : RowColour.Bad,
    };
}
