using System.Net.Http.Headers;
using Kuid.Client;
using Kuid.Clients.Tests.Examples;
using Kuid.TestKit.Contract;
using Microsoft.OpenApi;

namespace Kuid.Clients.Tests.Contract;

/// <summary>A validator that is not ours stands between clients and a daemon, and has nothing to report.</summary>
/// <remarks>
/// Prism reads an answer whole and as text before it passes it on, so what goes through it here is text, and answers that never end are
/// left out; their bytes are what the other tests of the clients look at.
/// </remarks>
public sealed class PrismSpecs : IClassFixture<ValidatedDaemon>
{
    private const string Text = "seq 1 20000";

    private readonly ValidatedDaemon _validated;

    public PrismSpecs(ValidatedDaemon validated)
    {
        NodeTools.SkipUnlessInstalled();
        _validated = validated;
    }

    public static TheoryData<Example> Examples => Example.Every;

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task What_an_example_sends_and_gets_is_what_the_contract_says(Example example)
    {
        ToolRun run = await example.RunAsync(
            Text, ("KUID_URL", _validated.Prism.Address.ToString()), ("KUID_TOKEN_FILE", _validated.TokenFile));

        run.ExitCode.Should().Be(0, "{0}", run.Stderr);
        run.Stdout.Should().Equal((await ToolRun.Of("/bin/sh", ["-c", Text])).Stdout);
        _validated.Prism.Complaints.Should().BeEmpty();
        _validated.Prism.Log.Should().Contain("post /v1/jobs", "it went through prism");
    }

    [Fact]
    public async Task Every_operation_that_reads_answers_as_the_contract_says()
    {
        using KuidClient kuid = KuidClient.AtPort(_validated.Prism.Address, await File.ReadAllTextAsync(_validated.TokenFile));
        Job shell = await kuid.SubmitAsync(new JobSubmission { Command = "echo out; echo err >&2; exit 3" });
        Job pipeline = await kuid.SubmitAsync(new JobSubmission { Kind = JobKind.Pipeline, Pipeline = "ls / | head 3" });
        await kuid.WaitAsync(shell.Id);
        await kuid.WaitAsync(pipeline.Id);

        var answered = new List<string>();
        foreach (ContractOperation operation in HttpContract.OfRepository.Operations.Where(o => o.Method == HttpMethod.Get && Ends(o)))
        {
            foreach (long job in new[] { shell.Id, pipeline.Id })
            {
                string path = PathOf(operation, job);
                using HttpResponseMessage answer = await kuid.Http.GetAsync(new Uri(path, UriKind.Relative));
                string body = await answer.Content.ReadAsStringAsync();
                body.Should().NotContain("stoplight.io/prism/errors", "GET {0} is as documented", path);
                answered.Add(operation.Id);
            }
        }

        _validated.Prism.Complaints.Should().BeEmpty();
        answered.Should().Contain(["listJobs", "getJob", "getStdout", "getResult", "getRows", "listHosts", "listCommands", "getReadiness", "getContract"]);
    }

    [Fact]
    public async Task An_answer_that_is_not_what_the_contract_says_is_reported()
    {
        string contract = (await File.ReadAllTextAsync(Repository.File("openapi.yaml")))
            .Replace("[id, kind, state, reason,", "[size, id, kind, state, reason,", StringComparison.Ordinal);
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["openapi.yaml"], contract);
        await using PrismProxy prism = await PrismProxy.Start(folder["openapi.yaml"], _validated.Daemon);
        using var client = new HttpClient { BaseAddress = prism.Address };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_validated.TokenFile)).Trim());
        using var body = new StringContent("""{"command":"true"}""", MediaTypeHeaderValue.Parse("application/json"));

        using HttpResponseMessage answer = await client.PostAsync(new Uri("/v1/jobs", UriKind.Relative), body);

        (await answer.Content.ReadAsStringAsync()).Should().Contain("stoplight.io/prism/errors#VIOLATIONS").And.Contain("size");
        await Eventually.Holds(() => prism.Complaints.Any(), "prism complains");
    }

    // A stream of events goes on until the daemon stops, and a WebSocket is no answer at all.
    private static bool Ends(ContractOperation operation) =>
        !operation.Statuses.Contains(101) && operation.Response(200)?.Content?.ContainsKey("text/event-stream") != true;

    // The jobs are those of the test; whatever else a path names is the contract's example, and may be unknown, which is an answer too.
    private static string PathOf(ContractOperation operation, long job)
    {
        string path = operation.Path.StartsWith("/v1/jobs/", StringComparison.Ordinal)
            ? operation.Path.Replace("{id}", $"{job}", StringComparison.Ordinal)
            : operation.Path;
        IOpenApiParameter[] parameters = [.. operation.Definition.Parameters ?? [], .. operation.PathParameters];
        foreach (IOpenApiParameter parameter in parameters.Where(p => p.In == ParameterLocation.Path))
        {
            path = path.Replace($"{{{parameter.Name}}}", $"{parameter.Example}", StringComparison.Ordinal);
        }

        string query = string.Join('&', parameters.Where(p => p is { In: ParameterLocation.Query, Required: true })
            .Select(p => $"{p.Name}={Uri.EscapeDataString($"{p.Example}")}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }
}
