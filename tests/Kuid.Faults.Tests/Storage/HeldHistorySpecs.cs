using System.Net;

namespace Kuid.Faults.Tests.Storage;

/// <summary>Another program holds the file: its lock, or what it reads.</summary>
public sealed class HeldHistorySpecs
{
    private const long LargeLog = 64 * 1024 * 1024;

    [Fact]
    public async Task Row_20_while_the_file_is_locked_health_is_answered_and_no_more_than_a_bounded_time_passes_before_a_refusal()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        HttpClient client = http.Client;
        long before = (await client.SubmitToEnd("echo before")).Long("id");
        await HealthProbe.While(http.Daemon, async () =>
        {
            await using (await StoreTool.Hold(http.Daemon.Folder["data/history.db"], "db.execute('BEGIN EXCLUSIVE')"))
            {
                // More at once than the pool has threads: whoever waits for the lock takes none of them.
                HttpResponseMessage[] refused = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
                    client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")))));
                refused.Should().OnlyContain(response => response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter != null);
                (await client.GetStringAsync($"/v1/jobs/{before}/stdout")).Should().Be("before\n");
                (await http.Daemon.Run("echo meanwhile")).Text.Should().Be("meanwhile\n");
            }

            await Eventually.Holds(async () => (await client.GetAsync("/readyz")).IsSuccessStatusCode, "the history works again");
            await client.SubmitToEnd("true");
        });
        (await client.GetStringAsync("/v1/jobs?q=meanwhile")).Should().Contain("\"state\":\"succeeded\"");
    }

    [Fact]
    public async Task Row_21_a_reader_that_does_not_end_makes_the_log_grow_which_is_said_and_its_end_lets_it_be_emptied()
    {
        await using HttpDaemon http = await HttpDaemon.Start();
        string file = http.Daemon.Folder["data/history.db"];
        await http.Client.SubmitToEnd("true");
        await HealthProbe.While(http.Daemon, async () =>
        {
            string input = Convert.ToBase64String(new byte[1_000_000]);
            string body = Requests.Shell("true", $"\"notBefore\":\"2999-01-01T00:00:00Z\",\"stdin\":\"{input}\"");
            await using (await StoreTool.Hold(file, "db.execute('BEGIN'); db.execute('SELECT count(*) FROM jobs').fetchone()"))
            {
                await Eventually.Holds(
                    async () =>
                    {
                        using HttpResponseMessage response = await http.Client.PostAsync("/v1/jobs", Requests.Json(body));
                        response.StatusCode.Should().Be(HttpStatusCode.Accepted, "a reader keeps nobody from writing");
                        return http.Daemon.Log.Contains("write-ahead log has grown", StringComparison.Ordinal);
                    },
                    "the log says so");
                new FileInfo(file + "-wal").Length.Should().BeGreaterThan(LargeLog);
                (await http.Client.GetStringAsync("/metrics")).Should().MatchRegex("(?m)^kuid_history_wal_size_bytes (6[7-9]|[7-9][0-9]|[1-9][0-9]{2})[0-9]{6}$");
            }

            await Eventually.Holds(
                async () =>
                {
                    await http.Client.SubmitToEnd("true");
                    return http.Daemon.Log.Contains("write-ahead log has been emptied", StringComparison.Ordinal);
                },
                "the log is emptied");
        });
        new FileInfo(file + "-wal").Length.Should().BeLessThanOrEqualTo(LargeLog);
        (await http.Daemon.Stop()).Should().Be(0);
    }
}
