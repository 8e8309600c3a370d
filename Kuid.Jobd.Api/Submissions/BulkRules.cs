using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Core.Batches;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>What can be done to many jobs at once.</summary>
internal enum BulkAction
{
    /// <summary>Each is ended.</summary>
    Cancel,

    /// <summary>The record of each is removed.</summary>
    Delete,

    /// <summary>Each is submitted again.</summary>
    Rerun,

    /// <summary>Each is put into another queue.</summary>
    Move,
}

/// <summary>What a bulk request has to be, and which jobs it is about.</summary>
internal static class BulkRules
{
    private const int MostLabels = 32;
    private const int LongestText = 200;

    private static readonly JobState[] Waiting = [JobState.Scheduled, JobState.Queued];
    private static readonly JobState[] Ended = [.. Enum.GetValues<JobState>().Where(JobTransitions.IsTerminal)];
    private static readonly JobState[] NotEnded = [.. Enum.GetValues<JobState>().Except(Ended)];

    /// <summary>What it is to do.</summary>
    /// <exception cref="Problems.ProblemException">It asks for what cannot be; every reason is in it.</exception>
    internal static BulkAction Check(BulkRequest request)
    {
        var mistakes = new Mistakes();
        BulkAction? action = Words<BulkAction>.Parse(request.Action);
        if (action is null)
        {
            mistakes.Add("/action", $"it has to be one of {string.Join(", ", Words<BulkAction>.All)}");
        }

        CheckWhich(request, mistakes);
        if (action == BulkAction.Move && request.Queue is null)
        {
            mistakes.Add("/queue", "it is missing; the action move needs it");
        }
        else if (action is not (null or BulkAction.Move) && request.Queue is not null)
        {
            mistakes.Add("/queue", $"it is not allowed with the action {request.Action}");
        }

        WaitingRules.CheckQueue(request.Queue, mistakes);
        if (request.Cursor is { } cursor && (request.Ids is not null || Cursor.Parse(cursor) is null))
        {
            mistakes.Add("/cursor", request.Ids is null ? "the nextCursor of the request before is allowed, as it came" : "it is not allowed with ids");
        }

        if (request.Filter is { } filter)
        {
            CheckFilter(filter, mistakes.Under("/filter"));
        }

        mistakes.ThrowIfAny();
        return action!.Value;
    }

    /// <summary>The jobs that a request without ids is about, from where the one before has ended.</summary>
    internal static JobQuery QueryOf(BulkRequest request, BulkAction action)
    {
        JobFilterJson filter = request.Filter ?? new JobFilterJson();
        return new JobQuery
        {
            Limit = BatchService.MostJobs,
            Before = request.Cursor is { } cursor ? Cursor.Parse(cursor) : null,
            States = filter.State is { } states ? [.. states.Select(word => Words<JobState>.Parse(word)!.Value)] : action switch
            {
                BulkAction.Cancel => NotEnded,
                BulkAction.Move => Waiting,
                _ => Ended,
            },
            Queue = filter.Queue,
            Kind = filter.Kind is { } kind ? Words<JobKind>.Parse(kind) : null,
            Service = filter.Service,
            Origin = filter.Origin is { } origin ? Words<JobOrigin>.Parse(origin) : null,
            Labels = [.. (filter.Label ?? []).Select(label => label.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0], parts.ElementAtOrDefault(1)))],
            Text = filter.Q,
            CreatedAfter = filter.CreatedAfter is { } after ? Timestamp.Parse(after) : null,
            CreatedBefore = filter.CreatedBefore is { } before ? Timestamp.Parse(before) : null,
        };
    }

    private static void CheckWhich(BulkRequest request, Mistakes mistakes)
    {
        int given = (request.Ids is null ? 0 : 1) + (request.Filter is null ? 0 : 1) + (request.All is null ? 0 : 1);
        if (given != 1)
        {
            mistakes.Add(JsonPointer.Root, "exactly one of ids, filter and all has to be there");
        }

        if (request.All == false)
        {
            mistakes.Add("/all", "it has to be true, or absent");
        }

        if (request.Ids is { } ids && (ids.Length is 0 or > BatchService.MostJobs))
        {
            mistakes.Add("/ids", $"there are {ids.Length}; 1 to {BatchService.MostJobs} are allowed");
        }

        foreach ((int i, long id) in (request.Ids ?? []).Index().Where(each => each.Item < 1))
        {
            mistakes.Add(JsonPointer.Element("/ids", i), $"{id} is not the id of a job: they begin with 1");
        }

        if (request.Filter is { IsEmpty: true })
        {
            mistakes.Add("/filter", "it is empty; every job is all: true");
        }
    }

    private static void CheckFilter(JobFilterJson filter, Mistakes mistakes)
    {
        foreach ((int i, string state) in (filter.State ?? []).Index())
        {
            WaitingRules.CheckWord<JobState>(JsonPointer.Element("/state", i), state, mistakes);
        }

        WaitingRules.CheckWord<JobKind>("/kind", filter.Kind, mistakes);
        WaitingRules.CheckWord<JobOrigin>("/origin", filter.Origin, mistakes);
        if (filter.State is { Length: 0 })
        {
            mistakes.Add("/state", "it is empty");
        }

        if (filter.Label is { Length: 0 or > MostLabels })
        {
            mistakes.Add("/label", $"1 to {MostLabels} are allowed");
        }

        foreach ((int i, string _) in (filter.Label ?? []).Index().Where(label => label.Item.Length == 0 || label.Item[0] == '='))
        {
            mistakes.Add(JsonPointer.Element("/label", i), "key=value or key is allowed");
        }

        foreach ((string member, string? text) in new[] { ("/queue", filter.Queue), ("/service", filter.Service), ("/q", filter.Q) })
        {
            if (text is { Length: 0 or > LongestText })
            {
                mistakes.Add(member, $"1 to {LongestText} characters are allowed");
            }
        }

        foreach ((string member, string? time) in new[] { ("/createdAfter", filter.CreatedAfter), ("/createdBefore", filter.CreatedBefore) })
        {
            if (time is not null && Timestamp.Parse(time) is null)
            {
                mistakes.Add(member, WaitingRules.TimeAllowed);
            }
        }
    }
}
