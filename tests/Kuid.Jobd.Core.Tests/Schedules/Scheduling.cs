using System.Text.Json;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Schedules;
using Kuid.Jobd.Core.Storage;
using Kuid.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Core.Tests.Schedules;

/// <summary>Schedules in an engine, and a clock that the test moves.</summary>
internal sealed class Scheduling : IAsyncDisposable
{
    private readonly Engine _engine;

    internal Scheduling(DateTime? start = null, TempFolder? folder = null)
    {
        Clock = new ManualClock(start);
        _engine = new Engine(folder: folder);
        Service = new ScheduleService(_engine.Service, _engine.History, Read, Clock, NullLogger<ScheduleService>.Instance);
    }

    internal ManualClock Clock { get; }

    internal ScheduleService Service { get; }

    internal JobService Jobs => _engine.Service;

    /// <summary>Why submissions cannot be read; null when they can.</summary>
    internal string? Unreadable { get; set; }

    internal DateTime Now => Clock.GetUtcNow().UtcDateTime;

    /// <summary>A definition whose job runs a command.</summary>
    internal static ScheduleDefinition Definition(
        string? cron = null, long? seconds = null, string zone = "UTC", OverlapPolicy overlap = OverlapPolicy.Skip, bool catchUp = false, string command = "exit 0") => new()
        {
            Cron = cron,
            EverySeconds = seconds,
            TimeZone = zone,
            Overlap = overlap,
            CatchUp = catchUp,
            Job = JsonSerializer.SerializeToElement(command),
        };

    internal async Task<Schedule> Put(ScheduleDefinition definition, bool paused = false, string principal = "uid:1")
    {
        (await Service.PutAsync("it", definition, paused, principal, _ => true)).Should().BeOneOf(ScheduleChange.Added, ScheduleChange.Changed);
        return It;
    }

    /// <summary>The schedule that was put.</summary>
    internal Schedule It => Service.Find("it")!;

    /// <summary>Moves on to a moment, and does what is due then.</summary>
    internal async Task MoveTo(DateTime moment)
    {
        Clock.Advance(moment - Now);
        await Service.LookAsync();
    }

    internal Task MoveBy(TimeSpan time) => MoveTo(Now + time);

    internal async Task<JobRecord> LastJob() => (await Jobs.GetAsync(It.Record.LastJob!.Value))!;

    internal async Task<JobRecord> Ended(long job)
    {
        await Eventually.Holds(async () => (await Jobs.GetAsync(job))!.HasEnded, "the job has ended");
        return (await Jobs.GetAsync(job))!;
    }

    /// <summary>Keeps a schedule as it was once.</summary>
    internal Task Forget(Schedule since) => _engine.History.PutScheduleAsync(since.Record);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private JobSpec Read(JsonElement job, string principal) => Unreadable is { } why
        ? throw new InvalidDataException(why)
        : Specs.Shell(job.GetString()!, spec => spec with { Principal = principal, Origin = JobOrigin.Http });
}
