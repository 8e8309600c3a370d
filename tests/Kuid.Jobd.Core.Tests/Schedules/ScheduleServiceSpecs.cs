using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Schedules;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Schedules;

/// <summary>What schedules make, and how they are changed.</summary>
public sealed class ScheduleServiceSpecs : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_job_of_a_schedule_says_so_and_is_its_owners()
    {
        await using var scheduling = new Scheduling();
        await scheduling.Put(Scheduling.Definition(seconds: 60, command: "exit 3"), principal: "uid:7");

        await scheduling.MoveBy(Minute);

        JobRecord job = await scheduling.Ended(scheduling.It.Record.LastJob!.Value);
        (job.Origin, job.Principal, job.Schedule, job.State).Should().Be((JobOrigin.Schedule, "uid:7", "it", JobState.Failed));
    }

    [Fact]
    public async Task A_schedule_that_skips_makes_no_job_while_its_last_one_is_not_over_and_says_why()
    {
        await using var scheduling = new Scheduling();
        await scheduling.Put(Scheduling.Definition(seconds: 60, command: UntilThere("over")));
        await scheduling.MoveBy(Minute);
        long first = scheduling.It.Record.LastJob!.Value;

        await scheduling.MoveBy(Minute);

        (scheduling.It.Record.LastJob, scheduling.It.Record.LastError).Should().Be((first, $"skipped: job {first} had not ended"));
        (await scheduling.Service.TriggerAsync("it")).Should().BeEquivalentTo(new { IsMade = false, Job = new { Id = first } });
        await Touch("over");
        await scheduling.Ended(first);
        await scheduling.MoveBy(Minute);
        scheduling.It.Record.LastJob.Should().BeGreaterThan(first);
        scheduling.It.Record.LastError.Should().BeNull();
    }

    [Fact]
    public async Task A_schedule_that_queues_makes_a_job_that_waits_for_the_last_one()
    {
        await using var scheduling = new Scheduling();
        await scheduling.Put(Scheduling.Definition(seconds: 60, overlap: OverlapPolicy.Queue, command: UntilThere("over")));
        await scheduling.MoveBy(Minute);
        long first = scheduling.It.Record.LastJob!.Value;

        await scheduling.MoveBy(Minute);

        JobRecord second = await scheduling.LastJob();
        (second.State, second.After, second.AfterMode).Should().BeEquivalentTo((JobState.Scheduled, new[] { first }, AfterMode.End));
        await Touch("over");
        (await scheduling.Ended(second.Id)).StartedAt.Should().BeOnOrAfter((await scheduling.Ended(first)).FinishedAt!.Value);
    }

    [Fact]
    public async Task A_schedule_that_replaces_cancels_its_last_job_and_makes_another()
    {
        await using var scheduling = new Scheduling();
        await scheduling.Put(Scheduling.Definition(seconds: 60, overlap: OverlapPolicy.Replace, command: "sleep 600"));
        await scheduling.MoveBy(Minute);
        long first = scheduling.It.Record.LastJob!.Value;

        await scheduling.MoveBy(Minute);

        JobRecord ended = await scheduling.Ended(first);
        (ended.State, ended.EndedBy).Should().Be((JobState.Canceled, "schedule:it"));
        long second = scheduling.It.Record.LastJob!.Value;
        second.Should().BeGreaterThan(first);
        await Eventually.Holds(async () => (await scheduling.LastJob()).State == JobState.Running, "the second one runs");
        await scheduling.Jobs.CancelAsync(second, by: "uid:0");
    }

    [Fact]
    public async Task A_time_at_which_no_job_can_be_made_is_said_and_the_next_one_is_tried()
    {
        await using var scheduling = new Scheduling();
        await scheduling.Put(Scheduling.Definition(seconds: 60));
        scheduling.Unreadable = "there is no host web1 any more";
        await scheduling.MoveBy(Minute);
        (scheduling.It.Record.LastJob, scheduling.It.Record.LastError).Should().Be((null, "there is no host web1 any more"));

        scheduling.Unreadable = null;
        await scheduling.MoveBy(Minute);

        scheduling.It.Record.LastJob.Should().NotBeNull();
        scheduling.It.Record.LastError.Should().BeNull();
    }

    [Fact]
    public async Task A_paused_schedule_makes_jobs_only_when_it_is_triggered_and_goes_on_with_its_next_time()
    {
        await using var scheduling = new Scheduling();
        Schedule put = await scheduling.Put(Scheduling.Definition(seconds: 60, catchUp: true));
        await scheduling.Service.PauseAsync("it", paused: true);
        scheduling.It.Record.NextAt.Should().BeNull();
        await scheduling.MoveBy(10 * Minute);
        scheduling.It.Record.LastJob.Should().BeNull();

        long triggered = (await scheduling.Service.TriggerAsync("it")).Job!.Id;
        (scheduling.It.Record.LastJob, scheduling.It.Record.LastAt, scheduling.It.Record.NextAt).Should().Be((triggered, scheduling.Now, null));

        await scheduling.Ended(triggered);
        await scheduling.Service.PauseAsync("it", paused: false);
        await scheduling.Service.LookAsync();
        scheduling.It.Record.LastJob.Should().Be(triggered, "what it missed was not to be");
        scheduling.It.Record.NextAt.Should().Be(scheduling.Now + Minute);
        scheduling.It.Version.Should().Be(put.Version);
    }

    [Fact]
    public async Task Putting_the_same_again_changes_nothing_and_something_else_keeps_what_was_made()
    {
        await using var scheduling = new Scheduling();
        Schedule first = await scheduling.Put(Scheduling.Definition(seconds: 60));
        await scheduling.MoveBy(Minute);
        Schedule after = scheduling.It;
        after.Version.Should().Be(first.Version, "that it makes jobs is not what a client has written");

        (await scheduling.Put(Scheduling.Definition(seconds: 60))).Should().Be(after);
        Schedule other = await scheduling.Put(Scheduling.Definition(seconds: 61));

        other.Version.Should().NotBe(first.Version);
        (other.Record.CreatedAt, other.Record.LastJob).Should().Be((first.Record.CreatedAt, after.Record.LastJob));
    }

    [Fact]
    public async Task A_change_of_another_schedule_than_its_changer_means_is_none()
    {
        await using var scheduling = new Scheduling();
        Schedule put = await scheduling.Put(Scheduling.Definition(seconds: 60));

        (await scheduling.Service.PutAsync("it", Scheduling.Definition(seconds: 61), paused: false, "uid:1", found => found is null))
            .Should().Be(ScheduleChange.VersionMismatch);
        (await scheduling.Service.DeleteAsync("it", _ => false)).Should().Be(ScheduleChange.VersionMismatch);
        scheduling.It.Should().Be(put);
        (await scheduling.Service.DeleteAsync("it", found => found!.Version == put.Version)).Should().Be(ScheduleChange.Removed);
        (await scheduling.Service.DeleteAsync("it", _ => true)).Should().Be(ScheduleChange.NoSuchSchedule);
        (await scheduling.Service.PauseAsync("it", paused: true)).Should().Be(ScheduleChange.NoSuchSchedule);
        (await scheduling.Service.TriggerAsync("it")).Job.Should().BeNull();
    }

    [Fact]
    public async Task Schedules_are_kept_over_a_restart_and_what_came_meanwhile_is_missed()
    {
        Schedule before;
        await using (var first = new Scheduling(folder: _folder))
        {
            await first.Put(Scheduling.Definition(seconds: 600, catchUp: true));
            await first.MoveBy(10 * Minute);
            await first.Ended(first.It.Record.LastJob!.Value);
            before = first.It;
        }

        await using var second = new Scheduling(before.Record.CreatedAt.AddHours(2), _folder);
        await second.Service.LoadAsync();

        second.It.Version.Should().Be(before.Version);
        second.It.Record.Should().Be(before.Record);
        await second.Service.LookAsync();
        second.It.Record.LastJob.Should().BeGreaterThan(before.Record.LastJob!.Value);
        second.It.Record.NextAt.Should().Be(before.Record.CreatedAt.AddHours(2).AddMinutes(10));
    }

    [Fact]
    public async Task A_daemon_that_died_before_it_noted_a_job_finds_it_again()
    {
        Schedule due;
        long job;
        await using (var first = new Scheduling(folder: _folder))
        {
            due = await first.Put(Scheduling.Definition(seconds: 600, catchUp: true));
            await first.MoveBy(10 * Minute);
            job = first.It.Record.LastJob!.Value;
            await first.Ended(job);

            // As it was on disk before the note.
            await first.Forget(due);
        }

        await using var second = new Scheduling(due.Record.CreatedAt.AddMinutes(15), _folder);
        await second.Service.LoadAsync();
        await second.Service.LookAsync();

        second.It.Record.LastJob.Should().Be(job);
        (await second.Jobs.ListAsync(new JobQuery { Limit = 10 })).Jobs.Should().ContainSingle();
    }

    private string UntilThere(string file) => $"until [ -e {_folder[file]} ]; do sleep 0.01; done";

    private Task Touch(string file) => File.WriteAllTextAsync(_folder[file], "");
}
