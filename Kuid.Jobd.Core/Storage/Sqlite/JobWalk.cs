namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>A way through the jobs that pass one filter, in the order of their ids: an index that begins with the filter and ends with the id.</summary>
/// <param name="Source">The index.</param>
/// <param name="Join">The jobs, where the index is not theirs.</param>
/// <param name="Id">The id in the index.</param>
/// <param name="Filter">The filter.</param>
internal sealed record JobWalk(string Source, string Join, string Id, string Filter)
{
    /// <summary>All jobs.</summary>
    internal static JobWalk All { get; } = new("jobs NOT INDEXED", string.Empty, "id", "true");

    /// <summary>How it is known whether a filter is rare: which of the ids that pass it is so far from the newest.</summary>
    internal const int Probe = 200;

    /// <summary>Selects the id of the job that comes after so many newer ones.</summary>
    internal string ProbeSql =>
        $"SELECT {Id} FROM {Source} WHERE {Filter} AND {Id} >= @from AND {Id} < @to ORDER BY {Id} DESC LIMIT 1 OFFSET {Probe}";

    /// <summary>A walk through an index of the jobs' own.</summary>
    internal static JobWalk ByIndex(string index, string filter) => new($"jobs INDEXED BY {index}", string.Empty, "id", filter);

    /// <summary>A walk through the labels.</summary>
    internal static JobWalk ByLabel(string labels, string filter) =>
        new(labels, " CROSS JOIN jobs NOT INDEXED ON jobs.id = labels.job_id", "labels.job_id", filter);

    /// <summary>Selects jobs that pass more filters too, the newest first.</summary>
    /// <param name="filters">Each begins with AND.</param>
    internal string PageSql(string filters) =>
        $"SELECT {JobSql.Columns} FROM {Source}{Join} WHERE {Filter} AND {Id} >= @from AND {Id} < @to{filters} ORDER BY {Id} DESC LIMIT @limit";
}
