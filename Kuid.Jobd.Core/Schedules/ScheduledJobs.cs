using System.Globalization;
using System.Text.Json;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Schedules;

/// <summary>Makes the jobs of schedules.</summary>
/// <param name="read">Reads a submission in the words of the door that it came by, for a principal.</param>
internal sealed class ScheduledJobs(JobService jobs, Func<JsonElement, string, JobSpec> read)
{
    private static readonly byte[] NoFingerprint = [0];

    /// <summary>Makes the job of a schedule, unless its last one prevents that.</summary>
    /// <param name="occurrence">Stands for the time that it is made for, which has one job whatever happens; null for one that somebody has triggered.</param>
    /// <returns>The job, or the one that prevented it.</returns>
    internal async Task<(JobRecord Job, bool IsMade)> MakeAsync(Schedule schedule, string? occurrence)
    {
        JobSpec spec = read(schedule.Definition.Job, schedule.Record.Principal) with { Origin = JobOrigin.Schedule, Schedule = schedule.Name };
        if (schedule.Record.LastJob is { } last && await jobs.GetAsync(last) is { HasEnded: false } running)
        {
            switch (schedule.Definition.Overlap)
            {
                case OverlapPolicy.Skip:
                    return (running, IsMade: false);
                case OverlapPolicy.Replace:
                    await jobs.CancelAsync(last, by: $"schedule:{schedule.Name}");
                    break;
            }

            // On disk like the job itself: it waits for the one before over a restart too.
            spec = spec with { After = [last], AfterMode = AfterMode.End };
        }

        IdempotencyKey? key = occurrence is null ? null : new IdempotencyKey($"schedule:{schedule.Name}", occurrence, NoFingerprint);
        return ((await jobs.AcceptAsync(spec, key)).Job, IsMade: true);
    }

    /// <summary>Stands for one time of a schedule.</summary>
    /// <param name="setBacks">How often the clock has been set back: a time that comes again is another one.</param>
    internal static string Occurrence(Schedule schedule, int setBacks) => string.Create(
        CultureInfo.InvariantCulture, $"{schedule.Record.CreatedAt.Ticks}/{schedule.Record.NextAt!.Value.Ticks}/{setBacks}");
}
