using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Kuid.Http.Tests;

/// <summary>A job as a stream of events, wherever it is cut.</summary>
public sealed class FollowSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task A_follower_sees_the_job_run_write_and_end()
    {
        string gate = Gate();
        long id = await _client.Submit($"echo out; echo err >&2; until [ -e {gate} ]; do sleep 0.02; done; echo more; exit 3");
        List<ServerEvent> events = [];
        using HttpResponseMessage response = await Follow(id);
        response.Content.Headers.ContentType!.ToString().Should().Be("text/event-stream");
        await foreach (ServerEvent each in ServerEvent.Of(await response.Content.ReadAsStreamAsync()))
        {
            events.Add(each);
            if (ServerEvent.Output(events, "stdout").Length + ServerEvent.Output(events, "stderr").Length == 8)
            {
                await File.WriteAllTextAsync(gate, string.Empty);
            }
        }

        ServerEvent.Output(events, "stdout").Should().Equal("out\nmore\n"u8.ToArray());
        ServerEvent.Output(events, "stderr").Should().Equal("err\n"u8.ToArray());
        events[0].Type.Should().Be("state");
        events.Where(each => each.Type == "state").Select(each => each.Json.Long("version")).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        events.Count(each => each.Type == "end").Should().Be(1);
        (events[^1].Type, events[^1].Json.Text("state"), events[^1].Json.Long("exitCode")).Should().Be(("end", "failed", 3L));
        events.Where(each => each.Type != "ping").Should().OnlyContain(each => !string.IsNullOrEmpty(each.Id));
        events.Where(each => each.Type == "output").Select(each => each.Json.Long("seq")).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task A_stream_cut_at_any_byte_goes_on_without_loss_or_repeat()
    {
        long id = (await _client.SubmitToEnd("for i in 1 2 3; do echo o$i; sleep 0.02; echo e$i >&2; sleep 0.02; done; head -c 300 /dev/urandom")).Long("id");
        byte[] whole = await ReadToEnd(id, lastEventId: null);
        List<ServerEvent> events = ServerEvent.Of(whole);
        events.Should().HaveCountGreaterThan(3);

        for (int cut = 0; cut <= whole.Length; cut++)
        {
            List<ServerEvent> had = ServerEvent.Of(await ReadAndCut(id, cut));
            List<ServerEvent> rest = ServerEvent.Of(await ReadToEnd(id, had.LastOrDefault()?.Id));
            (string, string?)[] together = [.. had.Concat(rest).Select(each => (each.Type, each.Id))];
            together.Should().Equal(events.Select(each => (each.Type, each.Id)), "it was cut after {0} bytes", cut);
            ServerEvent.Output(had.Concat(rest), "stdout").Should().Equal(ServerEvent.Output(events, "stdout"));
        }
    }

    [Fact]
    public async Task Curl_killed_a_hundred_times_and_resumed_gets_the_whole_output_and_nothing_twice()
    {
        const int Kills = 100;
        const int MostBytesBetween = 60_000;
        var random = new Random(5);
        byte[] written = RandomNumberGenerator.GetBytes(5_000_000);
        string file = Gate(), gate = Gate();
        await File.WriteAllBytesAsync(file, written);

        // Half of it is there before the first kill, the other half comes while curl is killed, and the job ends in between.
        long id = await _client.Submit(
            $"head -c 2500000 {file}; until [ -e {gate} ]; do sleep 0.02; done; tail -c +2500001 {file}; cat {file} >&2");
        List<ServerEvent> events = [];
        for (int kill = 0; kill < Kills; kill++)
        {
            using Process curl = Curl(id, LastId(events));
            events.AddRange(ServerEvent.Of(await ReadSome(curl, random.Next(1, MostBytesBetween))));
            curl.Kill();
            await curl.WaitForExitAsync();
            if (kill == Kills / 4)
            {
                await File.WriteAllTextAsync(gate, string.Empty);
            }
        }

        using Process last = Curl(id, LastId(events));
        events.AddRange(ServerEvent.Of(await ReadSome(last, int.MaxValue)));
        await last.WaitForExitAsync();

        last.ExitCode.Should().Be(0);
        ServerEvent.Output(events, "stdout").AsSpan().SequenceEqual(written).Should().BeTrue();
        ServerEvent.Output(events, "stderr").AsSpan().SequenceEqual(written).Should().BeTrue();
        events.Where(each => each.Type != "ping").Select(each => each.Id).Should().OnlyHaveUniqueItems();
        events[^1].Type.Should().Be("end");
    }

    [Fact]
    public async Task What_was_dropped_is_said_also_to_one_who_comes_back_into_the_middle_of_it()
    {
        long id = (await _client.SubmitToEnd("seq -w 0 99999", "\"maxOutputBytes\":12")).Long("id");
        await Eventually.Holds(async () => (await _client.GetStringAsync($"/v1/jobs/{id}/stdout")).Length == 12, "only what is kept can be read");

        List<ServerEvent> whole = ServerEvent.Of(await ReadToEnd(id, null));
        whole.Where(each => each.Type == "output").Select(Where).Should().Equal((0L, 0L, "00000\n"), (599_994L, 599_988L, "99999\n"));

        foreach ((long had, long skipped) in ((long, long)[])[(6, 599_988), (7, 599_987), (300_000, 299_994), (599_994, 0)])
        {
            List<ServerEvent> rest = ServerEvent.Of(await ReadToEnd(id, $"{id}.1.{had}.0"));
            rest.Where(each => each.Type == "output").Select(Where).Should().Equal((599_994L, skipped, "99999\n"));
            rest[^1].Json.Long("stdoutBytes").Should().Be(600_000);
        }

        static (long, long, string) Where(ServerEvent each) =>
            (each.Json.Long("offset"), each.Json.Long("skipped"), Encoding.ASCII.GetString(each.Bytes));
    }

    [Fact]
    public async Task A_follower_gets_every_byte_though_few_are_kept_and_it_reads_late()
    {
        long id = await _client.Submit("seq 1 500000", "\"maxOutputBytes\":100,\"follow\":true");
        using HttpResponseMessage response = await Follow(id);
        List<ServerEvent> events = await ServerEvent.Of(await response.Content.ReadAsStreamAsync()).ToListAsync();

        byte[] all = ServerEvent.Output(events, "stdout");
        all.Should().HaveCount(3_388_895);
        Encoding.ASCII.GetString(all[^7..]).Should().Be("500000\n");
        events.Where(each => each.Type == "output").Should().OnlyContain(each => each.Json.Long("skipped") == 0);
    }

    [Fact]
    public async Task Who_has_had_the_end_is_told_to_come_back_no_more()
    {
        long id = (await _client.SubmitToEnd("echo x")).Long("id");
        string end = ServerEvent.Of(await ReadToEnd(id, null))[^1].Id!;
        using HttpResponseMessage response = await Follow(id, end);
        response.StatusCode.Should().Be(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("ID.1.1")]
    [InlineData("ID.1.1.1.1")]
    [InlineData("ID.1.-1.0")]
    [InlineData("ID.1.3.0")]
    [InlineData("ID.1.0.1")]
    [InlineData("ID.1.99999999999999999999.0")]
    [InlineData("ID.END")]
    [InlineData("999999999.1.0.0")]
    [InlineData("999999999.end")]
    public async Task An_id_that_no_event_of_the_job_can_have_had_is_refused(string lastEventId)
    {
        long id = (await _client.SubmitToEnd("echo x")).Long("id");
        using HttpResponseMessage response = await Follow(id, lastEventId.Replace("ID", $"{id}", StringComparison.Ordinal));
        ((int)response.StatusCode, await response.Code()).Should().Be((400, "parameter"));
    }

    [Fact]
    public async Task The_end_of_a_job_that_runs_is_an_id_that_nobody_can_have()
    {
        long id = await _client.SubmitRunning("sleep 600");
        using HttpResponseMessage response = await Follow(id, $"{id}.end");
        ((int)response.StatusCode, await response.Code()).Should().Be((400, "parameter"));
    }

    [Fact]
    public async Task There_are_only_so_many_streams_and_the_place_of_one_who_goes_is_free_again()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start(["--http-streams", "2"]);
        long id = await daemon.Client.SubmitRunning("sleep 600");
        using HttpResponseMessage first = await Get(daemon, $"/v1/jobs/{id}/events");
        using (HttpResponseMessage second = await Get(daemon, "/v1/events"))
        {
            second.StatusCode.Should().Be(HttpStatusCode.OK);
            foreach (string path in (string[])[$"/v1/jobs/{id}/events", "/v1/events"])
            {
                using HttpResponseMessage third = await Get(daemon, path);
                ((int)third.StatusCode, await third.Code()).Should().Be((429, "busy"));
                third.Headers.RetryAfter.Should().NotBeNull();
            }
        }

        await Eventually.Holds(
            async () =>
            {
                using HttpResponseMessage again = await Get(daemon, "/v1/events");
                return again.StatusCode == HttpStatusCode.OK;
            },
            "the place is free again");
    }

    [Fact]
    public async Task The_stop_of_the_daemon_ends_the_streams_without_an_end_and_a_job_that_waited_is_followed_on_after_it()
    {
        using var folder = new TempFolder();
        long id;
        List<ServerEvent> before, after;
        await using (HttpDaemon daemon = await HttpDaemon.Start(["--concurrency", "1", "--grace", "0.1"], folder: folder))
        {
            await daemon.Client.SubmitRunning("sleep 600");
            id = await daemon.Client.Submit("echo late");
            using HttpResponseMessage response = await Get(daemon, $"/v1/jobs/{id}/events");
            Task<List<ServerEvent>> reading = ServerEvent.Of(await response.Content.ReadAsStreamAsync()).ToListAsync().AsTask();
            (await daemon.Daemon.Stop()).Should().Be(0);
            before = await reading;
        }

        before.Select(each => each.Type).Should().Equal("state");
        await using (HttpDaemon daemon = await HttpDaemon.Start(folder: folder))
        {
            using HttpResponseMessage response = await Get(daemon, $"/v1/jobs/{id}/events", before[^1].Id);
            after = await ServerEvent.Of(await response.Content.ReadAsStreamAsync()).ToListAsync();
        }

        ServerEvent.Output(after, "stdout").Should().Equal("late\n"u8.ToArray());
        after[^1].Type.Should().Be("end");
    }

    private static string? LastId(List<ServerEvent> events) => events.LastOrDefault(each => each.Id is { Length: > 0 })?.Id;

    private static async Task<HttpResponseMessage> Get(HttpDaemon daemon, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return await daemon.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<byte[]> ReadSome(Process curl, int most)
    {
        using var read = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        int n;
        while (read.Length < most
            && (n = await curl.StandardOutput.BaseStream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, most - read.Length)))) > 0)
        {
            read.Write(buffer, 0, n);
        }

        return read.ToArray();
    }

    private Process Curl(long id, string? lastEventId)
    {
        string[] resume = lastEventId is null ? [] : ["-H", $"Last-Event-ID: {lastEventId}"];
        return Process.Start(new ProcessStartInfo(
            "curl", ["-sSN", "--unix-socket", shared.Http.SocketPath, .. resume, $"http://localhost/v1/jobs/{id}/events"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>So many bytes of a stream, and then the client is gone. What the history has of a job's times can be a digit shorter.</summary>
    private async Task<byte[]> ReadAndCut(long id, int cut)
    {
        using HttpResponseMessage response = await Follow(id);
        byte[] bytes = new byte[cut];
        int read = await (await response.Content.ReadAsStreamAsync()).ReadAtLeastAsync(bytes, cut, throwOnEndOfStream: false);
        return bytes[..read];
    }

    private async Task<byte[]> ReadToEnd(long id, string? lastEventId)
    {
        using HttpResponseMessage response = await Follow(id, lastEventId);
        return await response.Content.ReadAsByteArrayAsync();
    }

    private Task<HttpResponseMessage> Follow(long id, string? lastEventId = null) => Get(shared.Http, $"/v1/jobs/{id}/events", lastEventId);

    private string Gate() => shared.Http.Daemon.Folder[Guid.NewGuid().ToString("N")];
}
