using System.Text.Json.Nodes;

namespace Kuid.Contract.Tests;

/// <summary>What every operation in openapi.yaml has.</summary>
public sealed class OperationSpecs
{
    // Without a token over TCP.
    private static readonly string[] Open = ["getHealth", "getVersion"];

    public static TheoryData<string> Ids => [.. ContractFile.Contract.Operations.Select(o => o.Id)];

    [Fact]
    public void These_are_the_operations() =>
        ContractFile.Contract.Operations.Select(o => $"{o.Method} {o.Path} {o.Id}").Should().BeEquivalentTo(
            "POST /v1/jobs submitJob",
            "GET /v1/jobs listJobs",
            "GET /v1/jobs/{id} getJob",
            "DELETE /v1/jobs/{id} deleteJob",
            "POST /v1/jobs/{id}/cancel cancelJob",
            "POST /v1/jobs/{id}/signal signalJob",
            "PUT /v1/jobs/{id}/stdin putStdin",
            "GET /v1/jobs/{id}/stdout getStdout",
            "GET /v1/jobs/{id}/stderr getStderr",
            "GET /v1/jobs/{id}/output getOutput",
            "GET /v1/jobs/{id}/result getResult",
            "GET /v1/jobs/{id}/rows getRows",
            "PATCH /v1/jobs/{id} patchJob",
            "POST /v1/jobs/{id}/rerun rerunJob",
            "GET /v1/queues listQueues",
            "GET /v1/queues/{name} getQueue",
            "PUT /v1/queues/{name} putQueue",
            "DELETE /v1/queues/{name} deleteQueue",
            "POST /v1/queues/{name}/pause pauseQueue",
            "POST /v1/queues/{name}/resume resumeQueue",
            "POST /v1/queues/{name}/drain drainQueue",
            "POST /v1/queues/{name}/purge purgeQueue",
            "GET /v1/hosts listHosts",
            "PUT /v1/hosts/{name} putHost",
            "DELETE /v1/hosts/{name} deleteHost",
            "POST /v1/hosts/{name}/probe probeHost",
            "POST /v1/schedules/preview previewSchedule",
            "GET /v1/schedules listSchedules",
            "GET /v1/schedules/{name} getSchedule",
            "PUT /v1/schedules/{name} putSchedule",
            "DELETE /v1/schedules/{name} deleteSchedule",
            "POST /v1/schedules/{name}/trigger triggerSchedule",
            "POST /v1/schedules/{name}/pause pauseSchedule",
            "POST /v1/schedules/{name}/resume resumeSchedule",
            "POST /v1/sessions createSession",
            "GET /v1/sessions listSessions",
            "GET /v1/sessions/{id} getSession",
            "DELETE /v1/sessions/{id} deleteSession",
            "POST /v1/sessions/{id}/eval evalSession",
            "POST /v1/sessions/{id}/complete completeSession",
            "POST /v1/sessions/{id}/interrupt interruptSession",
            "GET /v1/services listServices",
            "POST /v1/services/{name}/run runService",
            "GET /v1/commands listCommands",
            "POST /v1/pipelines/check checkPipeline",
            "POST /v1/exec exec",
            "POST /v1/batches submitBatch",
            "GET /v1/batches listBatches",
            "GET /v1/batches/{id} getBatch",
            "POST /v1/batches/{id}/cancel cancelBatch",
            "POST /v1/jobs/bulk bulkJobs",
            "GET /healthz getHealth",
            "GET /readyz getReadiness",
            "GET /v1/version getVersion",
            "GET /openapi.yaml getContract",
            "GET /v1/jobs/{id}/events followJob",
            "GET /metrics getMetrics",
            "GET /docs getDocs",
            "GET /docs/script.js getDocsScript",
            "GET /docs/start.js getDocsStart",
            "GET /docs/style.css getDocsStyle",
            "GET /v1/events followEvents");

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_has_an_id_in_camel_case_a_summary_a_description_and_one_declared_tag(string id)
    {
        ContractOperation operation = Of(id);
        operation.Id.Should().MatchRegex("^[a-z]+([A-Z][a-z]+)*$");
        operation.Definition.Summary.Should().NotBeNullOrWhiteSpace().And.NotEndWith(".");
        operation.Definition.Description.Should().NotBeNullOrWhiteSpace();
        operation.Definition.Tags.Should().ContainSingle();
        ContractFile.Contract.Document.Tags!.Select(t => t.Name).Should().Contain(operation.Definition.Tags!.Single().Name);
    }

    [Fact]
    public void No_id_comes_twice() => ContractFile.Contract.Operations.Select(o => o.Id).Should().OnlyHaveUniqueItems();

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_documents_the_refusals_that_its_method_and_path_can_meet(string id)
    {
        ContractOperation operation = Of(id);
        bool isOpen = Open.Contains(id, StringComparer.Ordinal);
        operation.Statuses.Should().Contain(421).And.NotContain(405).And.NotContain(500);
        operation.Statuses.Contains(401).Should().Be(!isOpen);
        operation.Statuses.Contains(403).Should().Be(!isOpen);

        // What PUT names it makes.
        operation.Statuses.Contains(404).Should().Be(
            operation.Path.Contains('{', StringComparison.Ordinal) && (operation.Method != HttpMethod.Put || operation.Path.Contains("{id}", StringComparison.Ordinal)));
        operation.Statuses.Contains(415).Should().Be(operation.Definition.RequestBody is not null);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_foreign_origin_is_refused_by_every_method_that_is_not_safe(string id)
    {
        ContractOperation operation = Of(id);
        string[] codes = [.. ContractFile.Responses(operation).Where(r => r.Status == 403).SelectMany(r => Codes(r.Response))];
        codes.Contains("origin", StringComparer.Ordinal).Should().Be(operation.Method != HttpMethod.Get);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_of_its_errors_is_a_Problem_with_an_example_for_each_code(string id)
    {
        foreach ((int status, JsonObject response) in ContractFile.Responses(Of(id)).Where(r => r.Status >= 400))
        {
            // A balancer asks for the status, and a person for the same checks as when all is well.
            if ((id, status) == ("getReadiness", 503))
                continue;

            (string type, JsonNode? media) = response["content"]!.AsObject().Should().ContainSingle($"{status} has one media type").Which;
            type.Should().Be("application/problem+json", $"{status} is an error");
            $"{media!["schema"]!["$ref"]}".Should().Be("#/components/schemas/Problem");
            foreach ((string code, JsonNode? example) in media["examples"]!.AsObject())
            {
                JsonNode problem = ContractFile.Resolve(example!)["value"]!;
                $"{problem["code"]}".Should().Be(code);
                ((long)problem["status"]!).Should().Be(status);
                Table(status).Should().Contain(code, "the table at the top has all codes");
            }
        }
    }

    [Fact]
    public void Each_code_of_the_table_is_one_that_an_operation_can_have_or_405_or_500()
    {
        string[] used = [.. from operation in ContractFile.Contract.Operations
                            from response in ContractFile.Responses(operation)
                            where response.Status >= 400
                            from code in Codes(response.Response)
                            select $"{response.Status} {code}"];
        Rows().Select(r => $"{r.Status} {r.Code}").Should().BeEquivalentTo(
            used.Append("405 method").Append("500 internal").Distinct(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Each_of_its_answers_has_one_media_type_at_most_and_JSON_that_is_named(string id)
    {
        foreach ((int status, JsonObject response) in ContractFile.Responses(Of(id)))
        {
            JsonObject content = response["content"]?.AsObject() ?? [];
            content.Count.Should().BeLessThanOrEqualTo(1, $"of {status}");
            foreach ((string type, JsonNode? media) in content.Where(c => c.Key.EndsWith("json", StringComparison.Ordinal)))
            {
                media!["schema"]!["$ref"].Should().NotBeNull($"the {type} of {status} has a name");
                media["examples"]?.AsObject().Should().NotBeNullOrEmpty($"the {type} of {status} has examples");
            }
        }
    }

    private static ContractOperation Of(string id) => ContractFile.Contract.Operations.Single(o => o.Id == id);

    private static IEnumerable<string> Codes(JsonObject response) =>
        (response["content"]?["application/problem+json"]?["examples"]?.AsObject() ?? []).Select(e => e.Key);

    private static IEnumerable<string> Table(int status) => Rows().Where(r => r.Status == status).Select(r => r.Code);

    // Lines of the table in the description: | 404 | `notfound` | there is no such job |
    private static IEnumerable<(int Status, string Code)> Rows() =>
        from line in $"{ContractFile.Source["info"]!["description"]}".Split('\n')
        let cells = line.Split('|', StringSplitOptions.TrimEntries)
        where cells.Length > 3 && cells[1].Length == 3 && cells[1].All(char.IsAsciiDigit)
        select (int.Parse(cells[1], System.Globalization.CultureInfo.InvariantCulture), cells[2].Trim('`'));
}
