using Dapper;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Tests.Storage.Sqlite;

/// <summary>How SQLite goes through a long history for one filter: by an index, in the order of the page, without sorting.</summary>
public sealed class ListPlanSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, JobQuery, string> Walked => new()
    {
        { "state", new JobQuery { States = [JobState.Failed] }, "SEARCH jobs USING INDEX jobs_by_state (state=? AND id>? AND id<?)" },
        { "queue", new JobQuery { Queue = "q" }, "SEARCH jobs USING INDEX jobs_by_queue (queue=? AND id>? AND id<?)" },
        { "kind", new JobQuery { Kind = JobKind.Shell }, "SEARCH jobs USING INDEX jobs_by_kind (kind=? AND id>? AND id<?)" },
        { "service", new JobQuery { Service = "s" }, "SEARCH jobs USING INDEX jobs_by_service (service=? AND id>? AND id<?)" },
        { "origin", new JobQuery { Origin = JobOrigin.Http }, "SEARCH jobs USING INDEX jobs_by_origin (origin=? AND id>? AND id<?)" },
        {
            "label key", new JobQuery { Labels = [new("k", null)] },
            "SEARCH labels USING INDEX labels_by_key (key=? AND job_id>? AND job_id<?), SEARCH jobs USING INTEGER PRIMARY KEY (rowid=?)"
        },
        {
            "label", new JobQuery { Labels = [new("k", "v")] },
            "SEARCH labels USING PRIMARY KEY (key=? AND value=? AND job_id>? AND job_id<?), SEARCH jobs USING INTEGER PRIMARY KEY (rowid=?)"
        },
        { "none", new JobQuery(), "SEARCH jobs USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" },
    };

    [Theory]
    [MemberData(nameof(Walked))]
    public void A_filter_alone_is_an_index_walked_from_the_newest_job_on(string name, JobQuery query, string plan)
    {
        _ = name;
        SqliteJobStore.Open(_folder["history.db"]).Dispose();
        using SqliteConnection connection = SqliteFiles.Connect(_folder["history.db"]);
        var sql = new SqliteJobQuery(query);

        IEnumerable<string> steps = connection.Query(
            "EXPLAIN QUERY PLAN " + sql.PageSql(sql.Walks.Count == 0 ? null : sql.Walks[0]), sql.Within(0, 100, 10)).Select(row => (string)row.detail);

        string.Join(", ", steps).Replace("COVERING ", string.Empty, StringComparison.Ordinal).Should().Be(plan);
    }
}
