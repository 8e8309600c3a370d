using System.Collections.Concurrent;
using System.Text.Json;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Schedules;

/// <summary>What doors do with schedules, and the loop that makes their jobs when they are due.</summary>
/// <remarks>
/// <para>
/// One timer serves them all: it waits for whichever is due next. Timers follow the monotonic clock and schedules the one on the wall,
/// so the wall is looked at again at least every half minute: a clock that was set is noticed within that time.
/// </para>
/// <para>
/// A time that could not be served within a minute is missed, for whatever reason: the daemon was down, the machine slept, the clock was
/// set forward. However many were missed, one job is made for them, and only where the schedule says so (catchUp).
/// </para>
/// <para>
/// When the clock is set back, schedules go on by the new time. Those that name the time of day do not run again what has run, unless it
/// was set back by three hours or more, which is a correction rather than an adjustment; the three hours are Vixie cron's.
/// </para>
/// <para>
/// A time has one job: the submission goes under a key of that time, so that a daemon which died between the job and the note that it was
/// made finds the job again.
/// </para>
/// </remarks>
/// <param name="read">Reads a submission in the words of the door that it came by, for a principal.</param>
public sealed class ScheduleService(
    JobService jobs, History history, Func<JsonElement, string, JobSpec> read, TimeProvider clock, ILogger<ScheduleService> log)
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SetBackAtLeast = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Correction = TimeSpan.FromHours(3);

    private readonly ConcurrentDictionary<string, Schedule> _schedules = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly ScheduledJobs _jobs = new(jobs, read);
    private readonly WallClock _wall = new(clock);
    private TaskCompletionSource _changed = NewSource();
    private int _setBacks;

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<Schedule> All => [.. _schedules.Values.OrderBy(schedule => schedule.Name, StringComparer.Ordinal)];

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    /// <summary>Reads those that are kept.</summary>
    /// <exception cref="StoreException">The history cannot be read.</exception>
    public async Task LoadAsync()
    {
        foreach (ScheduleRecord record in await history.SchedulesAsync())
        {
            try
            {
                // A time that is still to come is found anew: the clock may have been wrong when it was noted, and zones change their rules.
                Schedule schedule = Schedule.Restore(record);
                _schedules[record.Name] = record.NextAt <= Now ? schedule : schedule.DueAfter(Now);
            }
            catch (Exception e) when (e is FormatException or JsonException)
            {
                // A time zone that was uninstalled; it stays where it is kept, for a start at which it is there again.
                Log.ScheduleUnreadable(log, record.Name, e.Message);
            }
        }
    }

    /// <summary>A schedule by its name; null when there is none.</summary>
    public Schedule? Find(string name) => _schedules.GetValueOrDefault(name);

    /// <summary>Adds a schedule or puts another in its place; completes when it is on disk. One that is as it is to be stays as it is.</summary>
    /// <param name="mayChange">Whether the one that is there, if one is, is the one that is meant.</param>
    /// <exception cref="FormatException">The expression or the zone is none.</exception>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public Task<ScheduleChange> PutAsync(
        string name, ScheduleDefinition definition, bool paused, string principal, Func<Schedule?, bool> mayChange) => ChangeAsync(async () =>
    {
        Schedule? before = Find(name);
        if (!mayChange(before))
        {
            return ScheduleChange.VersionMismatch;
        }

        var wanted = Schedule.Of(name, definition, principal, paused, Now, before);
        if (before?.Version != wanted.Version)
        {
            await KeepAsync(wanted);
        }

        return before is null ? ScheduleChange.Added : ScheduleChange.Changed;
    });

    /// <summary>Removes a schedule; its jobs stay.</summary>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public Task<ScheduleChange> DeleteAsync(string name, Func<Schedule?, bool> mayChange) => ChangeAsync(async () =>
    {
        Schedule? before = Find(name);
        if (before is null || !mayChange(before))
        {
            return before is null ? ScheduleChange.NoSuchSchedule : ScheduleChange.VersionMismatch;
        }

        await history.DeleteScheduleAsync(name);
        _schedules.TryRemove(name, out _);
        return ScheduleChange.Removed;
    });

    /// <summary>Lets a schedule make no more jobs, or again. What it missed meanwhile was not to be.</summary>
    /// <exception cref="StoreException">The history cannot be written.</exception>
    public Task<ScheduleChange> PauseAsync(string name, bool paused) => ChangeAsync(async () =>
    {
        if (Find(name) is not { } schedule)
        {
            return ScheduleChange.NoSuchSchedule;
        }

        if (schedule.Record.Paused != paused)
        {
            await KeepAsync(schedule.WithPaused(paused, Now));
        }

        return ScheduleChange.Changed;
    });

    /// <summary>Makes a job of a schedule now, paused or not; its times stay as they are.</summary>
    /// <exception cref="StoreException">The job cannot be recorded, and is not made.</exception>
    /// <exception cref="QueueFullException">Too many jobs wait.</exception>
    public Task<TriggerOutcome> TriggerAsync(string name) => ChangeAsync(async () =>
    {
        if (Find(name) is not { } schedule)
        {
            return new TriggerOutcome(Job: null, IsMade: false);
        }

        (JobRecord job, bool isMade) = await _jobs.MakeAsync(schedule, occurrence: null);
        if (isMade)
        {
            await NoteAsync(schedule.WithJob(job.Id, Now));
        }

        return new TriggerOutcome(job, isMade);
    });

    /// <summary>Makes the jobs of the schedules that are due, until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // Before the look: a change during it is not slept over.
            Task changed = Volatile.Read(ref _changed).Task;
            await LookAsync();
            await changed.WaitAsync(UntilNext(), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Makes the jobs of the schedules that are due now.</summary>
    internal async Task LookAsync()
    {
        await _changing.WaitAsync();
        try
        {
            if (_wall.SetBackSinceLastLook() is { } by && by >= SetBackAtLeast)
            {
                GoOnByNewTime(by);
            }

            // Together, so that the jobs of the same moment share a transaction.
            DateTime now = Now;
            await Task.WhenAll(_schedules.Values.Where(schedule => schedule.Record.NextAt <= now).Select(schedule => ServeAsync(schedule, now)));
        }
        finally
        {
            _changing.Release();
        }
    }

    private void GoOnByNewTime(TimeSpan by)
    {
        _setBacks++;
        DateTime now = Now;
        Log.ClockSetBack(log, by.TotalSeconds);
        foreach (Schedule schedule in _schedules.Values)
        {
            bool hasRun = schedule.Recurrence.NamesTimeOfDay && by < Correction;
            _schedules[schedule.Name] = schedule.DueAfter(hasRun ? now + by : now);
        }
    }

    private async Task ServeAsync(Schedule schedule, DateTime now)
    {
        DateTime due = schedule.Record.NextAt!.Value;
        Schedule next = schedule.DueAfter(now);
        if (now - due > Patience && !schedule.Definition.CatchUp)
        {
            Log.ScheduleMissed(log, schedule.Name, due);
            await NoteAsync(next);
            return;
        }

        try
        {
            (JobRecord job, bool isMade) = await _jobs.MakeAsync(schedule, ScheduledJobs.Occurrence(schedule, _setBacks));
            await NoteAsync(isMade ? next.WithJob(job.Id, now) : next.WithError($"skipped: job {job.Id} had not ended"));
        }
        catch (DaemonStoppingException)
        {
            // The time is the next start's, if it comes soon enough.
        }
        catch (Exception e)
        {
            // Whatever it is, the time is over; the next one may fare better, and the other schedules have nothing to do with it.
            Log.ScheduleFailed(log, schedule.Name, e.Message);
            await NoteAsync(next.WithError(e.Message));
        }
    }

    /// <summary>Keeps what a client wants, or nothing is changed.</summary>
    private async Task KeepAsync(Schedule schedule)
    {
        await history.PutScheduleAsync(schedule.Record);
        _schedules[schedule.Name] = schedule;
    }

    /// <summary>Notes what has happened, which is so whether it can be kept or not.</summary>
    private async Task NoteAsync(Schedule schedule)
    {
        _schedules[schedule.Name] = schedule;
        try
        {
            await history.PutScheduleAsync(schedule.Record);
        }
        catch (StoreException e)
        {
            Log.ScheduleNotKept(log, schedule.Name, e.Message);
        }
    }

    /// <summary>How long nothing need be looked at.</summary>
    internal TimeSpan UntilNext()
    {
        if (_schedules.Values.Min(schedule => schedule.Record.NextAt) is not { } next)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan wait = next - Now;
        return wait < ShortestLook ? ShortestLook : wait < LongestLook ? wait : LongestLook;
    }

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change)
    {
        await _changing.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            _changing.Release();
            Interlocked.Exchange(ref _changed, NewSource()).TrySetResult();
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
