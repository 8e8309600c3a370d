using System.Globalization;
using System.Net;
using System.Text;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Callbacks;

/// <summary>The end of a job is posted by a job of its own.</summary>
public sealed class CallbackSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_end_of_a_job_is_posted_once_and_signed()
    {
        using var receiver = new CallbackReceiver();
        await using Engine engine = EngineFor(receiver);

        JobRecord job = await End(engine, "exit 3", receiver.Address + "hook?x=1");
        JobRecord callback = await CallbackOf(engine, job.Id);

        (callback.State, callback.Reason, callback.Attempt, callback.WaitStatus).Should().Be((JobState.Succeeded, JobReason.Delivered, 1, null));
        (callback.Kind, callback.Origin, callback.Principal, callback.Queue).Should().Be((JobKind.Callback, JobOrigin.Callback, "uid:0", "callbacks"));
        callback.Detail.Should().StartWith("HTTP 204");
        ReceivedCallback posted = receiver.Received.Should().ContainSingle().Which;
        posted.Path.Should().Be("/hook?x=1");
        Encoding.UTF8.GetString(posted.Body).Should().Be(FormattableString.Invariant($"{{\"id\":{job.Id},\"state\":\"Failed\"}}"));
        posted.Headers["Content-Type"].Should().Be("application/json");
        posted.Headers["webhook-id"].Should().Be(FormattableString.Invariant($"kuid-{callback.Id}"));
        CallbackSecret.ReadOrMake(_folder["callback.secret"])
            .Sign(posted.Headers["webhook-id"], long.Parse(posted.Headers["webhook-timestamp"], CultureInfo.InvariantCulture), posted.Body)
            .Should().Be(posted.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task A_job_that_never_started_has_an_end_too()
    {
        using var receiver = new CallbackReceiver();
        await using Engine engine = EngineFor(receiver, concurrency: 1);
        Acceptance first = await engine.Service.AcceptAsync(Specs.Shell("read line", spec => spec with { Queue = "q", Stdin = new StreamedInput() }));
        Acceptance waiting = await engine.Service.AcceptAsync(Spec("exit 0", receiver.Address));

        await engine.Service.CancelAsync(waiting.Job.Id, "uid:7");

        (await CallbackOf(engine, waiting.Job.Id)).Reason.Should().Be(JobReason.Delivered);
        Encoding.UTF8.GetString(receiver.Received.Single().Body).Should().Contain("Canceled");
        await engine.Service.CancelAsync(first.Job.Id, "uid:7");
    }

    [Fact]
    public async Task What_the_target_answers_is_the_output_of_the_callback()
    {
        using var receiver = new CallbackReceiver((_, response) =>
        {
            response.StatusCode = (int)HttpStatusCode.OK;
            return Encoding.ASCII.GetBytes(new string('x', 100_000));
        });
        await using Engine engine = EngineFor(receiver);

        JobRecord callback = await CallbackOf(engine, (await End(engine, "exit 0", receiver.Address)).Id);

        (callback.Reason, callback.StdoutBytes).Should().Be((JobReason.Delivered, 64 * 1024L), "no more of it is read than that");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        using var elsewhere = new CallbackReceiver();
        using var receiver = new CallbackReceiver((_, response) =>
        {
            response.Redirect(elsewhere.Address);
            return [];
        });
        await using Engine engine = EngineFor(receiver);

        JobRecord job = await End(engine, "exit 0", receiver.Address);
        await Eventually.Holds(() => receiver.Received.Count > 0, "the callback is posted");
        JobRecord callback = await Found(engine, job.Id);
        await engine.Service.CancelAsync(callback.Id, "uid:0");

        await Eventually.Holds(async () => (await engine.Service.GetAsync(callback.Id))!.HasEnded, "the callback has ended");
        elsewhere.Received.Should().BeEmpty();
    }

    [Fact]
    public async Task A_target_that_is_no_longer_allowed_is_not_posted_to()
    {
        using var receiver = new CallbackReceiver();
        await using (var before = new Engine(folder: _folder, callbacks: CallbackTargets.Of([receiver.Address])))
        {
            // It waits in its queue when the daemon stops.
            Acceptance job = await before.Service.AcceptAsync(Spec("read line", receiver.Address) with { Stdin = new StreamedInput() });
            job.Kind.Should().Be(AcceptanceKind.New);
            await before.Service.StopAsync(TimeSpan.Zero).WaitAsync(Reading.Limit);
        }

        await using var engine = new Engine(folder: _folder, callbacks: CallbackTargets.None);
        await engine.Recovery.RunAsync().WaitAsync(Reading.Limit);
        await Eventually.Holds(
            async () => (await engine.Service.ListAsync(new JobQuery { Kind = JobKind.Callback })).Jobs is [{ HasEnded: true } or { Attempt: > 1 } or { State: JobState.Scheduled }],
            "the callback was tried");

        receiver.Received.Should().BeEmpty();
    }

    [Fact]
    public async Task A_job_that_was_lost_is_reported_once()
    {
        using var receiver = new CallbackReceiver();
        await using (var left = new Engine(folder: _folder))
        {
            // What a daemon leaves that is killed while a job runs.
            await left.History.FlushAsync();
        }

        using (var store = Kuid.Jobd.Core.Storage.Sqlite.SqliteJobStore.Open(_folder["history.db"]))
        {
            store.Write(new WriteBatch { Changes = [new Change(Storage.Records.Running(1) with { CallbackUrl = receiver.Address, MaxAttempts = 1 })] });
        }

        await using Engine engine = EngineFor(receiver);
        await engine.Recovery.RunAsync().WaitAsync(Reading.Limit);

        (await CallbackOf(engine, 1)).Reason.Should().Be(JobReason.Delivered);
        Encoding.UTF8.GetString(receiver.Received.Should().ContainSingle().Which.Body).Should().Contain("Lost");
    }

    [Fact]
    public async Task The_end_of_a_callback_is_reported_to_nobody()
    {
        using var receiver = new CallbackReceiver();
        await using Engine engine = EngineFor(receiver);
        JobRecord callback = await CallbackOf(engine, (await End(engine, "exit 0", receiver.Address)).Id);

        await engine.Service.StopAsync(TimeSpan.Zero).WaitAsync(Reading.Limit);

        receiver.Received.Should().ContainSingle();
        (await engine.Service.ListAsync(new JobQuery { Kind = JobKind.Callback })).Jobs.Should().ContainSingle().Which.Id.Should().Be(callback.Id);
    }

    private Engine EngineFor(CallbackReceiver receiver, int concurrency = 4) =>
        new(folder: _folder, concurrency: concurrency, callbacks: CallbackTargets.Of([receiver.Address]));

    private static JobSpec Spec(string command, string url) => Specs.Shell(command, spec => spec with { Queue = "q", CallbackUrl = url });

    private static async Task<JobRecord> End(Engine engine, string command, string url)
    {
        Acceptance accepted = await engine.Service.AcceptAsync(Spec(command, url));
        return await Ended(engine, accepted.Job.Id);
    }

    private static async Task<JobRecord> CallbackOf(Engine engine, long job) => await Ended(engine, (await Found(engine, job)).Id);

    private static async Task<JobRecord> Found(Engine engine, long job)
    {
        JobRecord? found = null;
        await Eventually.Holds(
            async () => (found = (await engine.Service.ListAsync(new JobQuery { Kind = JobKind.Callback })).Jobs.SingleOrDefault(each => each.ParentId == job)) is not null,
            "the job has a callback");
        return found!;
    }

    private static async Task<JobRecord> Ended(Engine engine, long id)
    {
        JobRecord? job = null;
        await Eventually.Holds(async () => (job = await engine.Service.GetAsync(id)) is { HasEnded: true }, $"job {id} has ended");
        return job!;
    }
}
