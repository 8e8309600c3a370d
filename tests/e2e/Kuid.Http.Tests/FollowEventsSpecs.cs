using System.Net;

namespace Kuid.Http.Tests;

/// <summary>The changes of all jobs as a stream of events.</summary>
public sealed class FollowEventsSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task Each_state_of_each_job_comes_in_order_also_of_one_from_another_door()
    {
        await using Subscription all = await Subscribe();
        (await all.Next()).Type.Should().Be("ping");
        long id = await _client.Submit("exit 3");
        await shared.Http.Daemon.Run("true");

        List<ServerEvent> events = await all.Until(events =>
            events.Any(each => each.Json.Long("id") == id && each.Json.Text("state") == "failed")
            && events.Any(each => each.Json.Text("origin") == "sockproc" && each.Json.Text("state") == "succeeded"));

        events.Should().OnlyContain(each => each.Type == "state" || each.Type == "ping");
        events.Where(each => each.Json.Long("id") == id).Select(each => each.Json.Text("state")).Should().Equal("queued", "running", "failed");
        events.Select(each => each.Id).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Who_comes_back_gets_what_happened_meanwhile_and_nothing_twice()
    {
        string label = Guid.NewGuid().ToString("N");
        string query = $"?label=test={label}";
        string? last;
        await using (Subscription first = await Subscribe(query))
        {
            last = (await first.Next()).Id;
        }

        List<string> states = [];
        for (int i = 0; i < 10; i++)
        {
            await _client.SubmitToEnd("true", $$"""
                "labels":{"test":"{{label}}"}
                """);
        }

        // One event a connection: each comes back with the id of the one before.
        while (states.Count < 30)
        {
            await using Subscription again = await Subscribe(query, last);
            (await again.Next()).Type.Should().Be("ping");
            ServerEvent each = (await again.Until(events => events.Count > 0))[0];
            (last, states) = (each.Id, [.. states, each.Json.Text("state")!]);
        }

        states.Should().Equal(Enumerable.Repeat((string[])["queued", "running", "succeeded"], 10).SelectMany(each => each));
    }

    [Theory]
    [InlineData("?queue=q1")]
    [InlineData("?origin=http")]
    [InlineData("?state=succeeded,failed")]
    [InlineData("?label=a")]
    [InlineData("?label=a=1&label=b=2")]
    public async Task Filters_choose_as_those_of_the_list_do(string query)
    {
        await using Subscription chosen = await Subscribe(query);
        long id = await Chosen();

        await chosen.Until(events => events.Any(each => each.Json.Long("id") == id));
    }

    [Theory]
    [InlineData("?queue=q2", "true", "\"queue\":\"q2\"")]
    [InlineData("?state=failed", "exit 3", "\"queue\":\"q1\"")]
    [InlineData("?label=a=2", "true", "\"labels\":{\"a\":\"2\"}")]
    [InlineData("?origin=sockproc", "true", null)]
    public async Task What_a_filter_does_not_name_does_not_come_before_what_it_names(string query, string command, string? members)
    {
        await using Subscription chosen = await Subscribe(query);
        long id = await Chosen();
        if (members is null)
        {
            await shared.Http.Daemon.Run(command);
        }
        else
        {
            await _client.SubmitToEnd(command, members);
        }

        List<ServerEvent> events = await chosen.Until(events => events.Count > 0);
        events.Single().Json.Long("id").Should().BeGreaterThan(id);
    }

    [Fact]
    public async Task An_id_from_before_a_restart_is_a_gap_and_the_stream_goes_on_behind_it()
    {
        await using Subscription all = await Subscribe(lastEventId: "0123456789abcdef.7");
        ServerEvent gap = await all.Next();
        gap.Type.Should().Be("gap");
        long id = await _client.Submit("true");
        await all.Until(events => events.Any(each => each.Json.Long("id") == id && each.Json.Text("state") == "succeeded"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789abcdef.x")]
    [InlineData("0123456789ABCDEF.1")]
    [InlineData("0123456789abcdef.-1")]
    [InlineData("RUN.999999999")]
    public async Task An_id_that_no_event_can_have_had_is_refused(string lastEventId)
    {
        string run;
        await using (Subscription all = await Subscribe())
        {
            run = (await all.Next()).Id!.Split('.')[0];
        }

        using HttpResponseMessage response = await Get(string.Empty, lastEventId.Replace("RUN", run, StringComparison.Ordinal));
        ((int)response.StatusCode, await response.Code()).Should().Be((400, "parameter"));
    }

    [Theory]
    [InlineData("?state=none")]
    [InlineData("?origin=none")]
    [InlineData("?label==x")]
    [InlineData("?queue=")]
    [InlineData("?follow=true")]
    public async Task What_cannot_be_asked_is_refused(string query)
    {
        using HttpResponseMessage response = await Get(query, null);
        ((int)response.StatusCode, await response.Code()).Should().Be((400, "parameter"));
    }

    [Fact]
    public async Task The_stop_of_the_daemon_ends_the_stream()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        using HttpResponseMessage response = await daemon.Client.GetAsync("/v1/events", HttpCompletionOption.ResponseHeadersRead);
        Task<List<ServerEvent>> reading = ServerEvent.Of(await response.Content.ReadAsStreamAsync()).ToListAsync().AsTask();
        (await daemon.Daemon.Stop()).Should().Be(0);
        (await reading).Should().NotContain(each => each.Type != "ping");
    }

    private async Task<long> Chosen() =>
        (await _client.SubmitToEnd("true", "\"queue\":\"q1\",\"labels\":{\"a\":\"1\",\"b\":\"2\"}")).Long("id");

    private async Task<Subscription> Subscribe(string query = "", string? lastEventId = null)
    {
        HttpResponseMessage response = await Get(query, lastEventId);
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        return new Subscription(response, await response.Content.ReadAsStreamAsync());
    }

    private async Task<HttpResponseMessage> Get(string query, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events" + query);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private sealed class Subscription(HttpResponseMessage response, Stream stream) : IAsyncDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

        private readonly IAsyncEnumerator<ServerEvent> _events = ServerEvent.Of(stream).GetAsyncEnumerator();

        internal async Task<ServerEvent> Next()
        {
            (await _events.MoveNextAsync().AsTask().WaitAsync(Limit)).Should().BeTrue("the stream goes on");
            return _events.Current;
        }

        /// <summary>Reads until the states that were told of are enough.</summary>
        internal async Task<List<ServerEvent>> Until(Func<List<ServerEvent>, bool> isEnough)
        {
            List<ServerEvent> events = [];
            while (!isEnough(events))
            {
                ServerEvent next = await Next();
                if (next.Type == "state")
                {
                    events.Add(next);
                }
            }

            return events;
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            await _events.DisposeAsync();
        }
    }
}
