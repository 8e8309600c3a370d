using System.Net;
using System.Text.Json;

namespace Kuid.Http.Tests;

/// <summary>One command, one answer.</summary>
public sealed class ExecSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task A_command_is_answered_with_its_end_and_its_output()
    {
        JsonElement result = await Exec(Requests.Shell("cat; echo err >&2; exit 3", $"\"stdin\":\"{Convert.ToBase64String("in"u8)}\""));
        (result.Text("stdout"), result.Text("stderr"), result.Text("state"), result.Text("reason"), result.Long("exitCode"), result.Long("waitStatus"))
            .Should().Be(("in", "err\n", "failed", "exit", 3L, 768L));
    }

    [Fact]
    public async Task A_signal_is_named()
    {
        JsonElement result = await Exec(Requests.Shell("kill -9 $$"));
        (result.Text("signal"), result.Long("waitStatus")).Should().Be(("SIGKILL", 9L));
        result.GetProperty("exitCode").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_marked_or_sent_whole()
    {
        JsonElement text = await Exec(Requests.Shell("printf 'a\\377b'"));
        (text.Text("stdout"), text.GetProperty("lossy").GetBoolean()).Should().Be(("a\ufffdb", true));
        JsonElement base64 = await Exec(Requests.Shell("printf 'a\\377b'", "\"encoding\":\"base64\""));
        (base64.Text("stdout"), base64.GetProperty("lossy").GetBoolean()).Should().Be(("Yf9i", false));
    }

    [Fact]
    public async Task Of_too_much_output_head_and_tail_are_returned()
    {
        JsonElement result = await Exec(Requests.Shell("seq -w 0 99999", "\"maxOutputBytes\":12"));
        (result.Text("stdout"), result.GetProperty("truncated").GetBoolean()).Should().Be(("00000\n99999\n", true));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_an_answer_too()
    {
        JsonElement result = await Exec("""{"kind":"argv","argv":["/no/such/program"]}""");
        (result.Text("state"), result.Text("reason")).Should().Be(("failed", "spawn"));
        result.GetProperty("durationSeconds").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_time_that_is_over_ends_it()
    {
        JsonElement result = await Exec(Requests.Shell("sleep 600", "\"timeoutSeconds\":0.1"));
        (result.Text("state"), result.Text("reason")).Should().Be(("failed", "timeout"));
    }

    [Fact]
    public async Task Row_123_A_client_that_goes_away_ends_its_job()
    {
        string mark = shared.Http.Daemon.Folder[Guid.NewGuid().ToString("N")];
        using var gone = new CancellationTokenSource();
        Task<HttpResponseMessage> asking = _client.PostAsync("/v1/exec", Requests.Json(Requests.Shell($"touch {mark}; sleep 600 # {mark}")), gone.Token);
        await Eventually.Holds(() => File.Exists(mark), "the command runs");
        await gone.CancelAsync();
        await FluentActions.Awaiting(() => asking).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.Holds(() => ProcessTable.WithCommandLine(mark).Count == 0, "the command has been ended");
    }

    private async Task<JsonElement> Exec(string body)
    {
        using HttpResponseMessage response = await _client.PostAsync("/v1/exec", Requests.Json(body));
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return await response.Body();
    }
}
