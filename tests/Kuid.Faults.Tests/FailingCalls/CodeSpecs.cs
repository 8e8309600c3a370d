using System.Net;

namespace Kuid.Faults.Tests.FailingCalls;

/// <summary>What the daemon runs is open before it accepts anything: the runtime never tries again to open what it could not (LoadedAssemblies.cs).</summary>
public sealed class CodeSpecs
{
    [Fact]
    public async Task No_assembly_is_opened_once_connections_are_accepted()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        HashSet<string?> atStart = Assemblies(daemon.Daemon.Pid);

        (await daemon.Daemon.Run("echo up")).Text.Should().Be("up\n");
        using (HttpResponseMessage job = await daemon.Client.PostAsync("/v1/jobs?wait=60", Requests.Json(Requests.Shell("true"))))
        {
            job.StatusCode.Should().Be(HttpStatusCode.OK);
        }

        foreach ((string path, string body) in new[]
        {
            ("/v1/jobs", "{"), ("/v1/jobs?wait=60", """{"pipeline":"ls / | head 3"}"""), ("/v1/exec", Requests.Shell("true")),
        })
        {
            using HttpResponseMessage response = await daemon.Client.PostAsync(path, Requests.Json(body));
        }

        foreach (string path in new[] { "/v1/jobs", "/v1/jobs/1/events", "/v1/jobs/2/events", "/v1/nothing", "/metrics", "/healthz", "/openapi.yaml", "/docs", "/v1/version", "/v1/hosts" })
        {
            using HttpResponseMessage response = await daemon.Client.GetAsync(path);
        }

        Assemblies(daemon.Daemon.Pid).Except(atStart, StringComparer.Ordinal).Should().BeEmpty("each belongs into LoadedAssemblies.cs");
    }

    private static HashSet<string?> Assemblies(int pid) => File.ReadLines($"/proc/{pid}/maps")
        .Where(line => line.EndsWith(".dll", StringComparison.Ordinal))
        .Select(Path.GetFileName)
        .ToHashSet(StringComparer.Ordinal);
}
