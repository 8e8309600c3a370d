using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary>A collection of the daemon's whose members are addressed by a name or a number.</summary>
/// <param name="Collection">Its segment of the path: <c>queues</c>.</param>
/// <param name="Listing">What a list of them looks like.</param>
internal sealed record Resource(string Collection, Listing Listing)
{
    /// <summary>Where all are.</summary>
    internal string All => $"v1/{Collection}";

    /// <summary>Where one is.</summary>
    internal string One(string name) => $"v1/{Collection}/{Uri.EscapeDataString(name)}";

    /// <summary>Where something is done with one.</summary>
    internal string Act(string name, string action) => $"{One(name)}/{action}";
}
