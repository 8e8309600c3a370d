using System.Text.Json;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Schedules;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>What a schedule has to be: its times, and a submission that can be submitted again and again.</summary>
internal static class ScheduleRules
{
    private const int MostPreviewed = 1000;
    private const int Previewed = 10;

    /// <summary>The definition of a schedule.</summary>
    /// <exception cref="Problems.ProblemException">It is none; every reason is in it.</exception>
    internal static ScheduleDefinition DefinitionOf(ScheduleRequest request, HostTable hosts, CallbackTargets callbacks, IsolationPolicy isolation)
    {
        var mistakes = new Mistakes();
        CheckTimes(request, mistakes);
        if (request.Overlap is { } overlap && Words<OverlapPolicy>.Parse(overlap) is null)
        {
            mistakes.Add("/overlap", $"it has to be one of {string.Join(", ", Words<OverlapPolicy>.All)}");
        }

        Mistakes ofJob = mistakes.Under("/job");
        JobSpecs.Check(request.Job, hosts, ofJob, callbacks, isolation);
        CheckRepeatable(request.Job, ofJob);
        mistakes.ThrowIfAny();
        return new ScheduleDefinition
        {
            Cron = request.Cron,
            EverySeconds = request.EverySeconds,
            TimeZone = request.TimeZone ?? TimeZones.Default,
            Overlap = request.Overlap is { } word ? Words<OverlapPolicy>.Parse(word)!.Value : OverlapPolicy.Skip,
            CatchUp = request.CatchUp ?? false,
            Job = JsonSerializer.SerializeToElement(request.Job, ApiJson.Kept.JobSubmission),
        };
    }

    /// <summary>What a preview asks for.</summary>
    /// <exception cref="Problems.ProblemException">It cannot be answered; every reason is in it.</exception>
    internal static (Recurrence Recurrence, DateTime From, int Count) PreviewOf(SchedulePreviewRequest request, DateTime now)
    {
        var mistakes = new Mistakes();
        CheckTimes(request, mistakes);
        DateTime? from = request.From is { } text ? Timestamp.Parse(text) : now;
        if (from is null)
        {
            mistakes.Add("/from", "it has to be a time with its offset, such as 2026-03-01T12:00:00Z");
        }

        if (request.Count is < 1 or > MostPreviewed)
        {
            mistakes.Add("/count", $"{request.Count} is not allowed: 1 to {MostPreviewed}");
        }

        mistakes.ThrowIfAny();
        Recurrence recurrence = request.Cron is { } cron
            ? Recurrence.OfCron(CronExpression.Parse(cron), TimeZones.Find(request.TimeZone ?? TimeZones.Default))
            : Recurrence.OfSeconds(request.EverySeconds!.Value, from!.Value);
        return (recurrence, from!.Value, request.Count ?? Previewed);
    }

    private static void CheckTimes(RecurrenceRequest request, Mistakes mistakes)
    {
        if ((request.Cron is null) == (request.EverySeconds is null))
        {
            mistakes.Add("/cron", "either cron or everySeconds has to be there, and not both");
        }

        if (request.Cron is { } cron)
        {
            Check("/cron", () => CronExpression.Parse(cron), mistakes);
        }

        if (request.EverySeconds is < 1 or > Recurrence.MostSeconds)
        {
            mistakes.Add("/everySeconds", $"{request.EverySeconds} is not allowed: 1 to {Recurrence.MostSeconds}");
        }

        if (request is { TimeZone: not null, Cron: null })
        {
            mistakes.Add("/timeZone", "it is not allowed without cron: seconds are the same in every zone");
        }
        else if (request.TimeZone is { } zone)
        {
            Check("/timeZone", () => TimeZones.Find(zone), mistakes);
        }
    }

    private static void CheckRepeatable(JobSubmission job, Mistakes mistakes)
    {
        const string Repeated = "it is not allowed in a schedule, whose jobs";
        foreach ((bool isThere, string pointer, string why) in ((bool, string, string)[])
        [
            (job.After is not null, "/after", "wait for the one before as overlap says"),
            (job.NotBefore is not null, "/notBefore", "start when they are due"),
            (job.StdinMode == "stream", "/stdinMode", "get their whole input with the submission"),
            (job.Follow is true, "/follow", "are not followed from their start"),
        ])
        {
            if (isThere)
            {
                mistakes.Add(pointer, $"{Repeated} {why}");
            }
        }
    }

    private static void Check(string pointer, Action read, Mistakes mistakes)
    {
        try
        {
            read();
        }
        catch (FormatException e)
        {
            mistakes.Add(pointer, e.Message);
        }
    }
}
