using System.Text.Json;

namespace Kuid.Cli.Printing;

/// <summary>Services that can be called.</summary>
internal static class ServiceListing
{
    /// <summary>What <c>kuid service ls</c> shows.</summary>
    internal static Listing Listing { get; } = new(
        "name",
        ("NAME", Member.Of("name")),
        ("OWNER", Owner),
        ("RUNNING", Member.Of("running")),
        ("WAITING", Member.Of("waiting")),
        ("MAX", Member.Of("max")),
        ("PARAMETERS", Parameters),
        ("DESCRIPTION", Member.Of("description")));

    private static string Owner(JsonElement service)
    {
        JsonElement owner = service.GetProperty("owner");
        return owner.GetProperty("user").GetString() ?? owner.GetProperty("uid").ToString();
    }

    // As a usage line has them: those that may be left out in brackets.
    private static string Parameters(JsonElement service) => string.Join(
        ' ', service.GetProperty("parameters").EnumerateArray().Select(parameter =>
            parameter.GetProperty("optional").GetBoolean() ? $"[{parameter.GetProperty("name")}]" : parameter.GetProperty("name").ToString()));
}
