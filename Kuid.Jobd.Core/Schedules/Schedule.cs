using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Schedules;

/// <summary>A schedule as of one moment.</summary>
public sealed record Schedule
{
    private Schedule(ScheduleRecord record, ScheduleDefinition definition, Recurrence recurrence)
    {
        Record = record;
        Definition = definition;
        Recurrence = recurrence;
    }

    /// <summary>What is kept of it.</summary>
    public ScheduleRecord Record { get; private init; }

    /// <summary>What it does when.</summary>
    public ScheduleDefinition Definition { get; }

    /// <summary>When it is due.</summary>
    internal Recurrence Recurrence { get; }

    /// <summary>Its name.</summary>
    public string Name => Record.Name;

    /// <summary>
    /// Stands for what a client has written of it: the definition, who put it, and whether it is paused. That it makes jobs changes
    /// nothing about that, or whoever changes a schedule that is due every second would always be late.
    /// </summary>
    public string Version => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Record.CreatedAt.Ticks} {Record.Paused} {Record.Principal} {Record.Definition}"))).AsSpan(0, 16));

    /// <summary>A new one, or what takes the place of one.</summary>
    /// <exception cref="FormatException">The expression or the zone is none.</exception>
    internal static Schedule Of(string name, ScheduleDefinition definition, string principal, bool paused, DateTime now, Schedule? before)
    {
        // No finer than clients are told it: seconds that are counted from there begin where they see it.
        DateTime createdAt = before?.Record.CreatedAt ?? now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        var record = new ScheduleRecord
        {
            Name = name,
            Definition = definition.ToJson(),
            Principal = principal,
            Paused = paused,
            CreatedAt = createdAt,
            LastAt = before?.Record.LastAt,
            LastJob = before?.Record.LastJob,
        };
        return new Schedule(record, definition, definition.ToRecurrence(createdAt)).DueAfter(now);
    }

    /// <summary>One that was kept.</summary>
    /// <exception cref="FormatException">The zone is not there any more.</exception>
    internal static Schedule Restore(ScheduleRecord record)
    {
        var definition = ScheduleDefinition.Parse(record.Definition);
        return new Schedule(record, definition, definition.ToRecurrence(record.CreatedAt));
    }

    /// <summary>The same, due for the first time after a moment.</summary>
    internal Schedule DueAfter(DateTime moment) => this with
    {
        Record = Record with { NextAt = Record.Paused ? null : Recurrence.After(moment) },
    };

    /// <summary>The same, paused or not.</summary>
    internal Schedule WithPaused(bool paused, DateTime now) => (this with { Record = Record with { Paused = paused } }).DueAfter(now);

    /// <summary>The same after it has made a job.</summary>
    internal Schedule WithJob(long job, DateTime at) => this with { Record = Record with { LastJob = job, LastAt = at, LastError = null } };

    /// <summary>The same after it could make none.</summary>
    internal Schedule WithError(string error) => this with { Record = Record with { LastError = error } };
}
