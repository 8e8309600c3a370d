using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>The parameters that choose among jobs, the same wherever there are some.</summary>
internal static class JobFilters
{
    private const int MostLabels = 32;

    /// <summary><c>state</c>: words joined by commas.</summary>
    internal static IReadOnlyList<JobState> States(QueryParameters query) => query.Text("state") is not { } words
        ? []
        : [.. words.Split(',').Select(word => Words<JobState>.Parse(word)
            ?? throw ProblemException.Parameter("state", $"any of {string.Join(", ", Words<JobState>.All)} are allowed, joined by commas"))];

    /// <summary><c>origin</c>: the door.</summary>
    internal static JobOrigin? Origin(QueryParameters query) =>
        query.Read("origin", Words<JobOrigin>.Parse, $"one of {string.Join(", ", Words<JobOrigin>.All)} is allowed");

    /// <summary><c>label</c>: <c>key=value</c>, or <c>key</c> with any value; may be repeated.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string?>> Labels(QueryParameters query)
    {
        IReadOnlyList<string> labels = query.All("label");
        if (labels.Count > MostLabels)
        {
            throw ProblemException.Parameter("label", $"at most {MostLabels} are allowed");
        }

        return [.. labels.Select(label =>
        {
            string[] parts = label.Split('=', 2);
            return parts[0].Length > 0
                ? KeyValuePair.Create(parts[0], parts.Length == 2 ? parts[1] : null)
                : throw ProblemException.Parameter("label", "key=value or key is allowed");
        })];
    }
}
