using System.Globalization;
using System.Text.Json;
using Kuid.Jobd.Core.Services;

namespace Kuid.Services.Tests;

public sealed class PlainCallSpecs
{
    private static readonly ServiceDefinition Weather = new() { Name = "weather", Description = "Forecast" };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_is_welcomed_says_a_name_and_arguments_and_has_the_program_at_its_socket(bool tcp)
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start(tcp: tcp);
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather);
        using Caller caller = await daemon.Connect();
        (await caller.ReadLine()).Should().Be(Caller.Welcome.TrimEnd('\n'));
        await caller.Send("weather\r\nme\r\nBerlin\r\ntwo words\r\n\r\nstdin that came at once");

        using StubCall call = await subserver.Call();
        (call.Service, call.Mode, call.ClaimedUser).Should().Be(("weather", "plain", "me"));
        call.Arguments.Should().Equal("Berlin", "two words");
        call.Principal.Should().Be(tcp ? "tcp:127.0.0.1" : "uid:" + await Uid());
        call.Stream.Socket.Blocking.Should().BeTrue();
        byte[] stdin = new byte[100];
        int n = await call.Stream.Socket.ReceiveAsync(stdin);
        System.Text.Encoding.ASCII.GetString(stdin, 0, n).Should().Be("stdin that came at once");
        await call.Started(4711);
        await daemon.NewestJob(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number, "the program runs");
        await call.Stream.Send("sunny\n");
        await call.Ended(3 << 8, bytesIn: 23, bytesOut: 6);
        call.Dispose();

        (await caller.ReadToEnd()).Should().Be("sunny\n");
        JsonElement job = await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == JsonValueKind.String, "the call is over");
        job.GetProperty("kind").GetString().Should().Be("service");
        job.GetProperty("service").GetString().Should().Be("weather");
        job.GetProperty("claimedUser").GetString().Should().Be("me");
        job.GetProperty("state").GetString().Should().Be("failed");
        job.GetProperty("exitCode").GetInt32().Should().Be(3);
        job.GetProperty("stdinBytes").GetInt64().Should().Be(23);
        job.GetProperty("stdoutBytes").GetInt64().Should().Be(6);
        job.GetProperty("cpuUserSeconds").GetDouble().Should().Be(0.0015);
        job.GetProperty("argv").EnumerateArray().Select(word => word.GetString()).Should().Equal("weather", "Berlin", "two words");
    }

    [Fact]
    public async Task Requests_are_read_the_same_in_pieces_of_a_byte()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather);
        using Caller caller = await daemon.Connect();
        foreach (char c in "weather\n\nBerlin\n\n")
        {
            await caller.Send(c.ToString());
        }

        using StubCall call = await subserver.Call();
        call.ClaimedUser.Should().BeEmpty();
        call.Arguments.Should().Equal("Berlin");
    }

    [Theory]
    [InlineData("whether\n", "error: there is no service \"whether\"\n")]
    [InlineData("\n", "error: the first line is the name of a service\n")]
    [InlineData("we\u0001ird!frames\n", "error: there is no service \"we?ird\"\n")]
    [InlineData("weather\n\na\0b\n\n", "error: a line has no NUL\n")]
    public async Task What_is_no_request_is_answered_with_one_line(string request, string answer)
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather);

        (await daemon.Call(request)).Should().Be(answer);
    }

    [Fact]
    public async Task Two_thousand_arguments_arrive_and_one_more_than_allowed_is_refused()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start(["--services-arguments", "2000"]);
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather);
        string request = "weather\n\n" + string.Concat(Enumerable.Range(1, 2000).Select(i => i.ToString(CultureInfo.InvariantCulture) + "\n"));
        using Caller caller = await daemon.Connect();
        await caller.Send(request + "\n");
        using StubCall call = await subserver.Call();
        call.Arguments.Should().HaveCount(2000).And.EndWith("2000");

        (await daemon.Call(request + "one more\n\n")).Should().Be("error: at most 2000 arguments are taken\n");
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_is_refused_with_the_limit_and_the_caller_reads_why()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start(tcp: true);
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather);
        using Caller caller = await daemon.Connect();
        Task sending = caller.Send("weather\n\n" + new string('x', 10_000_000) + "\n\n");

        (await caller.ReadToEnd()).Should().EndWith("error: at most 1048576 bytes are taken before the empty line\n");
        await sending;
    }

    [Fact]
    public async Task A_caller_who_says_nothing_is_told_how_long_a_line_may_take()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start(["--services-line-seconds", "0.2"]);
        using Caller caller = await daemon.Connect();

        (await caller.ReadToEnd()).Should().EndWith("error: a line has to come within 0.2 seconds\n");
    }

    [Fact]
    public async Task Arguments_that_break_the_rules_are_refused_before_anything_runs()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather with
        {
            Parameters = [ParameterRules.Parse("city", "string, max 10"), ParameterRules.Parse("days", "integer, max 7, default 3")],
        });

        (await daemon.Call("weather\n\nLlanfairpwllgwyngyll\n9\n\n")).Should().Be(
            "error: city: \"Llanfairpwllgwyngyll\" is not allowed; a text of at most 10 characters is; days: \"9\" is not allowed; a whole number, at most 7, is\n");
        using Caller caller = await daemon.Connect();
        await caller.Send("weather\n\nBerlin\n\n");
        using StubCall call = await subserver.Call();
        call.Arguments.Should().Equal("Berlin", "3");
    }

    [Fact]
    public async Task Calls_beyond_the_most_at_once_wait_for_their_turn_and_one_whose_caller_leaves_does_not_run()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather with { Max = 1 });
        using Caller first = await daemon.Connect();
        await first.Send("weather\n\nfirst\n\n");
        using StubCall running = await subserver.Call();
        Caller second = await daemon.Connect();
        await second.Send("weather\n\nsecond\n\n");
        await daemon.Waiting("weather", calls: 1);
        second.Dispose();
        await daemon.NewestJob(job => job.GetProperty("state").GetString() == "canceled", "the second call is cancelled");
        using Caller third = await daemon.Connect();
        await third.Send("weather\n\nthird\n\n");
        await daemon.Waiting("weather", calls: 1);

        await running.Ended(0);

        using StubCall next = await subserver.Call();
        next.Arguments.Should().Equal("third");
    }

    [Fact]
    public async Task A_call_that_takes_too_long_is_ended_by_its_subserver_at_the_daemons_word()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start(["--grace", "0.2"]);
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather with { TimeoutSeconds = 0.2 });
        using Caller caller = await daemon.Connect();
        await caller.Send("weather\n\n\n");
        using StubCall call = await subserver.Call();

        foreach (int _ in new[] { 1, 2 })
        {
            RegistryMessage end = await subserver.Next();
            (end.Verb, end.Number(0)).Should().Be((RegistryVerb.End, call.Id));
        }

        await call.Ended(9);
        JsonElement job = await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == JsonValueKind.String, "the call is over");
        (job.GetProperty("reason").GetString(), job.GetProperty("signal").GetString()).Should().Be(("timeout", "SIGKILL"));
    }

    [Fact]
    public async Task A_call_whose_subserver_goes_ends_unreachable()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather);
        using Caller caller = await daemon.Connect();
        await caller.Send("weather\n\n\n");
        StubCall call = await subserver.Call();
        await subserver.DisposeAsync();
        call.Dispose();

        (await caller.ReadToEnd()).Should().Be(Caller.Welcome);
        JsonElement job = await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == JsonValueKind.String, "the call is over");
        (job.GetProperty("state").GetString(), job.GetProperty("reason").GetString()).Should().Be(("failed", "unreachable"));
        await daemon.Gone("weather");
        (await daemon.Call("weather\n")).Should().Be("error: there is no service \"weather\"\n");
    }

    [Fact]
    public async Task A_call_that_cannot_be_started_has_failed_with_what_its_subserver_said()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start();
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather);
        using Caller caller = await daemon.Connect();
        await caller.Send("weather\n\n\n");
        using StubCall call = await subserver.Call();
        await call.Failed("execve: EACCES");

        JsonElement job = await daemon.NewestJob(job => job.GetProperty("finishedAt").ValueKind == JsonValueKind.String, "the call is over");
        (job.GetProperty("reason").GetString(), job.GetProperty("detail").GetString()).Should().Be(("spawn", "execve: EACCES"));
    }

    [Fact]
    public async Task A_stop_ends_calls_and_a_caller_in_the_middle_of_its_request_is_told()
    {
        await using ServicesDaemon daemon = await ServicesDaemon.Start(["--grace", "0.2"]);
        await using StubSubserver subserver = await StubSubserver.Start(daemon.Registry, Weather);
        using Caller running = await daemon.Connect();
        await running.Send("weather\n\n\n");
        using StubCall call = await subserver.Call();
        using Caller typing = await daemon.Connect();
        await typing.Send("weath");
        Task<int> stopped = daemon.Daemon.Stop();

        (await typing.ReadToEnd()).Should().EndWith("error: the daemon is stopping\n");
        (await subserver.Next()).Verb.Should().Be(RegistryVerb.End);
        await call.Ended(15);
        (await stopped).Should().Be(0);
        File.Exists(daemon.Registry).Should().BeFalse();
    }

    private static async Task<string> Uid() => (await ToolRun.Of("id", ["-u"])).Text.Trim();
}
