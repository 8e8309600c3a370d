using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>Which jobs' events are wanted: those of a queue, a door, with labels, or in states; all when nothing is said.</summary>
internal sealed record EventFilter(
    string? Queue, JobOrigin? Origin, IReadOnlyList<JobState> States, IReadOnlyList<KeyValuePair<string, string?>> Labels)
{
    /// <summary>What a query says.</summary>
    internal static EventFilter Of(IQueryCollection query)
    {
        var parameters = new QueryParameters(query, "queue", "origin", "state", "label");
        return new EventFilter(
            parameters.Text("queue"), JobFilters.Origin(parameters), JobFilters.States(parameters), JobFilters.Labels(parameters));
    }

    /// <summary>Whether a job is among them.</summary>
    internal bool Lets(JobRecord job) =>
        (Queue is null || job.Queue == Queue)
        && (Origin is null || job.Origin == Origin)
        && (States.Count == 0 || States.Contains(job.State))
        && Labels.All(label => job.Labels.TryGetValue(label.Key, out string? value) && (label.Value is null || label.Value == value));
}
