using System.Text.Json;

namespace Kuid.Faults.Tests.Jobs;

/// <summary>Jobs that are ended before they end by themselves, through a real daemon that goes on answering others.</summary>
public sealed class EndingRowSpecs : IAsyncLifetime
{
    private HttpDaemon _http = null!;

    private HttpClient Client => _http.Client;

    public async ValueTask InitializeAsync() => _http = await HttpDaemon.Start(["--grace", "1"]);

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    [Fact]
    public async Task Row_42_A_job_that_ignores_TERM_is_killed_with_its_group_after_the_grace_period() =>
        await HealthProbe.While(_http.Daemon, async () =>
        {
            string started = _http.Daemon.Folder["started"];
            long id = await Client.SubmitRunning($"trap '' TERM; sleep 1000 & echo $! > {started}.new; mv {started}.new {started}; wait; while :; do sleep 1; done");
            await Eventually.Holds(() => File.Exists(started), "the job ignores TERM");
            long start = TimeProvider.System.GetTimestamp();

            await Cancel(id);

            JsonElement job = await Client.Ended(id);
            (job.Text("state"), job.Text("signal")).Should().Be(("canceled", "SIGKILL"));
            TimeProvider.System.GetElapsedTime(start).Should().BeGreaterThan(TimeSpan.FromSeconds(1), "it had the grace period");
            int member = int.Parse(await File.ReadAllTextAsync(started), System.Globalization.CultureInfo.InvariantCulture);
            await Eventually.Holds(() => !ProcessTable.IsAlive(member), "its group has gone too");
        });

    [Fact]
    public async Task Row_43_A_stopped_job_is_continued_after_its_TERM_and_goes() =>
        await HealthProbe.While(_http.Daemon, async () =>
        {
            // Nothing but the CONT lets it come to its trap before the KILL.
            long id = await Client.SubmitRunning("trap 'exit 9' TERM; kill -STOP $$; sleep 1000", "\"killGraceSeconds\":600");
            int pid = (int)(await Client.Job(id)).Long("pid");
            await Eventually.Holds(() => ProcessTable.State(pid) == 'T', "the job is stopped");

            await Cancel(id);

            JsonElement job = await Client.Ended(id);
            (job.Text("state"), job.Long("exitCode")).Should().Be(("canceled", 9L));
            ProcessTable.IsAlive(pid).Should().BeFalse();
        });

    [Fact]
    public async Task Row_56_Two_cancels_a_timeout_and_the_end_at_once_leave_one_terminal_state_that_stays() =>
        await HealthProbe.While(_http.Daemon, async () =>
        {
            var dice = new Dice(56, 0);
            (string Command, string More, int Pause)[] jobs =
            [
                .. Enumerable.Range(0, 300).Select(_ => ($"sleep 0.0{dice.Below(5)}", $"\"timeoutSeconds\":0.0{1 + dice.Below(5)}", dice.Below(60))),
            ];
            await Parallel.ForEachAsync(jobs, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (race, _) =>
            {
                long id = await Client.Submit(race.Command, race.More);
                await Task.Delay(race.Pause, CancellationToken.None);
                await Task.WhenAll(Cancel(id), Cancel(id));

                JsonElement ended = await Client.Ended(id);
                await Cancel(id);
                JsonElement later = await Client.Job(id);
                later.Text("state").Should().Be(ended.Text("state"));
                later.Text("reason").Should().Be(ended.Text("reason"));
                $"{later.Text("state")} {later.Text("reason")}".Should().BeOneOf("succeeded exit", "canceled canceled", "failed timeout");
            });
        });

    private async Task Cancel(long id)
    {
        using HttpResponseMessage response = await Client.PostAsync($"/v1/jobs/{id}/cancel", content: null);
        ((int)response.StatusCode).Should().BeOneOf(200, 202);
    }
}
