using System.Text;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Api.Submissions;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Bodies through the door's own reading, and what it says of the bad ones.</summary>
internal static class Bodies
{
    // Looking a host up needs neither a history nor a way to it.
    internal static readonly HostTable Hosts = new(
        () => new Dictionary<string, string>(StringComparer.Ordinal) { ["web1"] = "exec:ssh web1 kuid-sysreqd -" }, history: null!, transports: null!);

    // Whatever is refused of an URL of this host is refused for another reason than its host.
    private static readonly CallbackTargets Callbacks = CallbackTargets.Of(["https://example.org/", "http://example.org/"]);

    internal static JobSpec Submit(string json) => JobSpecs.Of(Parse(Encoding.UTF8.GetBytes(json)), "uid:1", Hosts, Callbacks);

    internal static JobSubmission Parse(byte[] json) => StrictJson.Parse(json, ApiJson.Default.JobSubmission);

    internal static ProblemException RefusalOf(string json) => RefusalOf(Encoding.UTF8.GetBytes(json));

    internal static ProblemException RefusalOf(byte[] json) =>
        FluentActions.Invoking(() => JobSpecs.Of(Parse(json), "uid:1", Hosts, Callbacks)).Should().Throw<ProblemException>().Which;
}
