using System.Net;
using System.Text;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>Pipelines as jobs: submitted, evaluated on this machine, their rows read.</summary>
public sealed class PipelineSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task A_pipeline_succeeds_and_its_result_has_typed_rows()
    {
        JsonElement job = await _client.PipelineToEnd("ls /etc | where size > 1KB | sort -r size | head 3 | select name size");

        (job.Text("kind"), job.Text("state"), job.Text("reason"), job.Long("exitCode")).Should().Be(("pipeline", "succeeded", "exit", 0));
        (job.Text("host"), job.GetProperty("hosts").ValueKind, job.GetProperty("pid").ValueKind)
            .Should().Be(("local", JsonValueKind.Null, JsonValueKind.Null));
        JsonElement result = await _client.Result(job.Long("id"));
        Columns(result).Should().Equal("name string", "size size");
        (result.GetProperty("complete").GetBoolean(), result.GetProperty("truncated").GetBoolean(), result.Long("results")).Should().Be((true, false, 1));
        long[] sizes = [.. result.GetProperty("rows").EnumerateArray().Select(row => row[1].GetInt64())];
        sizes.Should().HaveCount(3).And.BeInDescendingOrder().And.OnlyContain(size => size > 1000);
        foreach (JsonElement row in result.GetProperty("rows").EnumerateArray())
        {
            new FileInfo($"/etc/{row[0].GetString()}").Length.Should().Be(row[1].GetInt64(), "that is how large {0} is", row[0]);
        }
    }

    [Theory]
    [InlineData("ls | | x", 1, 6)]
    [InlineData("ls /etc |\n  where size >\n", 3, 1)]
    public async Task What_cannot_be_read_is_refused_with_line_and_column_and_nothing_is_a_job(string pipeline, int line, int column)
    {
        using HttpResponseMessage refused = await _client.PostAsync("/v1/jobs", Requests.Json($$"""{"pipeline":{{JsonSerializer.Serialize(pipeline)}}}"""));

        refused.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        JsonElement error = (await refused.Body()).GetProperty("errors")[0];
        (error.Text("pointer"), error.Long("line"), error.Long("column")).Should().Be(("/pipeline", line, column));
    }

    [Fact]
    public async Task A_script_of_forty_lines_has_a_result_for_each_pipeline_with_rows()
    {
        using var folder = new TempFolder();
        string script = $"""
            # A small report, made of whatever a shell has.
            dir={folder.Path}
            mkdir $dir/a $dir/b
            for name in one two three; do
              echo $name > $dir/a/$name.txt
            done
            count=0
            for file in $dir/a/*.txt; do
              count=$((count + 1))
            done
            if [ $count -eq 3 ]; then
              echo "three files"
            else
              echo "not three: $count"
              exit 1
            fi
            show() {"{"}
              echo "$1: $2"
            {"}"}
            show first 1
            show second 2
            case $dir in
              /nowhere/*)
                exit 2
                ;;
              *)
                show where here
                ;;
            esac
            i=0
            while [ $i -lt 3 ]; do
              i=$((i + 1))
            done
            until [ $i -eq 0 ]; do
              i=$((i - 1))
            done
            text=$(echo inner | cat)
            show substituted $text
            ls $dir/nothing || show missing yes
            cat $dir/a/one.txt | grep one && show found one
            ls $dir/a | select name | sort name
            """;
        script.Split('\n').Should().HaveCountGreaterThanOrEqualTo(40);

        JsonElement job = await _client.PipelineToEnd(script);

        job.Text("state").Should().Be("succeeded", await _client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stderr"));
        JsonElement last = await _client.Result(job.Long("id"));
        Rows(last).Should().Equal("one.txt", "three.txt", "two.txt");
        var said = new List<string>();
        for (long i = 0; i < last.Long("results"); i++)
        {
            said.AddRange(Rows(await _client.Result(job.Long("id"), $"?index={i}")));
        }

        said.Should().StartWith(["three files", "first: 1", "second: 2", "where: here", "substituted: inner", "missing: yes"])
            .And.Contain("found: one");
        last.GetProperty("errors")[0].Text("command").Should().Be("ls");
    }

    [Fact]
    public async Task The_status_of_the_last_pipeline_is_the_exit_code_and_errors_are_records_and_lines_of_stderr()
    {
        JsonElement job = await _client.PipelineToEnd("ls /nope; exit 7");

        (job.Text("state"), job.Text("reason"), job.Long("exitCode"), job.Long("waitStatus")).Should().Be(("failed", "exit", 7, 7 << 8));
        JsonElement error = (await _client.Result(job.Long("id"))).GetProperty("errors")[0];
        (error.Text("command"), error.Text("errno"), error.Text("host")).Should().Be(("ls", "ENOENT", null));
        (await _client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stderr")).Should().StartWith("ls: ").And.Contain("/nope").And.EndWith("\n");
    }

    [Fact]
    public async Task A_command_that_there_is_not_is_127_when_it_is_called() =>
        (await _client.PipelineToEnd("nosuchcommand")).Long("exitCode").Should().Be(127);

    [Fact]
    public async Task Directory_and_variables_are_those_of_the_submission_and_no_others()
    {
        JsonElement job = await _client.PipelineToEnd("pwd; echo \"$GREETING ${HOME:-no home}\"", """ "cwd":"/usr","env":{"GREETING":"hello \u00e4"} """);

        Rows(await _client.Result(job.Long("id"), "?index=0")).Should().Equal("/usr");
        Rows(await _client.Result(job.Long("id"))).Should().Equal("hello ä no home");
        JsonElement nowhere = await _client.PipelineToEnd("pwd", """ "cwd":"/no/such/folder" """);
        (nowhere.Text("state"), nowhere.Text("reason")).Should().Be(("failed", "evaluation"));
        nowhere.Text("detail").Should().Contain("ENOENT");
    }

    [Fact]
    public async Task Names_that_are_no_text_arrive_as_bytes()
    {
        using var folder = new TempFolder();
        (await ToolRun.Of("/bin/sh", ["-c", $"cd {folder.Path} && touch \"$(printf 'a\\377b')\""])).ExitCode.Should().Be(0);

        JsonElement job = await _client.PipelineToEnd($"ls {folder.Path} | select name");

        JsonElement name = (await _client.Result(job.Long("id"))).GetProperty("rows")[0][0];
        name.GetProperty("b64").GetBytesFromBase64().Should().Equal("a\u00ffb".Select(c => (byte)c));
    }

    [Fact]
    public async Task Rows_are_objects_a_line_each()
    {
        JsonElement job = await _client.PipelineToEnd("echo 'a \"b\"'; echo x");

        using HttpResponseMessage first = await _client.GetAsync($"/v1/jobs/{job.Long("id")}/rows?index=0");
        first.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        (await first.Content.ReadAsStringAsync()).Should().Be("{\"string\":\"a \\\"b\\\"\"}\n");
        (await _client.GetStringAsync($"/v1/jobs/{job.Long("id")}/rows")).Should().Be("{\"string\":\"x\"}\n");
        using HttpResponseMessage none = await _client.GetAsync($"/v1/jobs/{job.Long("id")}/rows?index=2");
        none.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_running_job_shows_its_rows_so_far()
    {
        long id = await _client.SubmitPipeline("echo early; sleep 600");

        JsonElement result = default;
        await Eventually.Holds(async () => (result = await _client.Result(id)).Long("results") == 1, "the first rows are there");
        Rows(result).Should().Equal("early");
        result.GetProperty("complete").GetBoolean().Should().BeFalse();
        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();
        (await _client.Ended(id)).Text("state").Should().Be("canceled");
        (await _client.Result(id)).GetProperty("complete").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Of_a_long_result_the_first_and_the_last_rows_are_kept_whole()
    {
        JsonElement job = await _client.PipelineToEnd("cat | lines <<< \"$(ls / | head 1)\"; for i in {1..40000}; do true; done; ls / | head 1");
        job.Text("state").Should().Be("succeeded", await _client.GetStringAsync($"/v1/jobs/{job.Long("id")}/stderr"));
        using var folder = new TempFolder();
        await File.WriteAllLinesAsync(folder["numbers"], Enumerable.Range(0, 100_000).Select(i => $"line number {i}"));

        job = await _client.PipelineToEnd($"cat {folder["numbers"]} | lines", """ "maxOutputBytes":4000 """);

        (job.Text("state"), job.GetProperty("truncated").GetBoolean()).Should().Be(("succeeded", true));
        JsonElement result = await _client.Result(job.Long("id"));
        string[] rows = Rows(result);
        result.GetProperty("truncated").GetBoolean().Should().BeTrue();
        rows[0].Should().Be("line number 0");
        rows[^1].Should().Be("line number 99999");
        rows.Should().HaveCountLessThan(100_000).And.OnlyContain(row => row.StartsWith("line number ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_check_finds_mistakes_and_commands_and_evaluates_nothing()
    {
        using var folder = new TempFolder();
        using HttpResponseMessage good = await _client.PostAsync("/v1/pipelines/check", Requests.Json(
            $$"""{"pipeline":"mkdir {{folder["made"]}}; f() { ls | where size > 1; }\nf | $(nosuch)"}"""));
        JsonElement found = await good.Body();
        found.GetProperty("valid").GetBoolean().Should().BeTrue();
        found.GetProperty("commands").EnumerateArray().Select(use => $"{use.Text("name")} {use.Long("line")} {use.GetProperty("known")}")
            .Should().Equal("mkdir 1 True", "ls 1 True", "where 1 True", "f 2 True", "nosuch 2 False");
        Directory.Exists(folder["made"]).Should().BeFalse();

        using HttpResponseMessage bad = await _client.PostAsync("/v1/pipelines/check", Requests.Json("""{"pipeline":"ls\nif true"}"""));
        JsonElement error = (await bad.Body()).GetProperty("errors")[0];
        error.Long("line").Should().Be(2);
        error.Text("message").Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_vocabulary_is_listed_with_columns()
    {
        using HttpResponseMessage response = await _client.GetAsync("/v1/commands");
        JsonElement[] commands = [.. (await response.Body()).GetProperty("items").EnumerateArray()];

        commands.Select(command => command.Text("name")).Should().Contain(["ls", "ps", "where", "sort", "head", "select", "cd"]).And.BeInAscendingOrder(StringComparer.Ordinal);
        JsonElement ls = commands.Single(command => command.Text("name") == "ls");
        ls.GetProperty("columns").EnumerateArray().Select(column => column.Text("name")).Should().StartWith(["name", "inode", "dtype"]);
        ls.GetProperty("onDemand").EnumerateArray().Select(column => column.Text("name")).Should().Contain(["size", "mode", "mtime"]);
    }

    [Fact]
    public async Task A_pipeline_has_no_process_to_signal_and_exec_takes_none()
    {
        long id = await _client.SubmitPipeline("sleep 600");
        using HttpResponseMessage signal = await _client.PostAsync($"/v1/jobs/{id}/signal", Requests.Json("""{"signal":"TERM"}"""));
        (signal.StatusCode, await signal.Code()).Should().Be((HttpStatusCode.Conflict, "notrunning"));
        (await _client.PostAsync($"/v1/jobs/{id}/cancel", content: null)).Dispose();

        using HttpResponseMessage exec = await _client.PostAsync("/v1/exec", Requests.Json("""{"kind":"pipeline","command":"ls"}"""));
        exec.StatusCode.Should().Be(HttpStatusCode.UnprocessableEntity);
        (await _client.GetStringAsync("/v1/jobs?kind=pipeline")).Should().Contain($"\"id\":{id},");
    }

    private static string[] Columns(JsonElement result) =>
        [.. result.GetProperty("columns").EnumerateArray().Select(column => $"{column.Text("name")} {column.Text("kind")}")];

    private static string[] Rows(JsonElement result) =>
        [.. result.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Last().GetString()!)];
}
