using Dapper;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The rows of a list, the newest first, found with as few looks at others as the indexes and summaries allow.</summary>
internal sealed class SqliteJobSearch
{
    private readonly SqliteConnection _connection;
    private readonly JobQuery _query;
    private readonly SqliteJobQuery _sql;
    private readonly long _to;
    private readonly string _page;
    private readonly bool _few;

    internal SqliteJobSearch(SqliteConnection connection, JobQuery query)
    {
        _connection = connection;
        _query = query;
        _sql = new SqliteJobQuery(query);
        _to = query.Before ?? long.MaxValue;
        (IReadOnlyList<JobWalk>? walks, _few) = Choose();
        _page = _sql.PageSql(walks);
    }

    /// <summary>The rows, one more than the page has where there are as many.</summary>
    internal IEnumerable<JobRow> Rows()
    {
        int left = _query.Limit == int.MaxValue ? int.MaxValue : _query.Limit + 1;
        foreach ((long from, long to) in Windows())
        {
            // Complete before the next: the windows come from a statement that is still being read.
            foreach (JobRow row in _connection.Query<JobRow>(_page, _sql.Within(from, to, left), buffered: false))
            {
                yield return row;
                left--;
            }

            if (left <= 0)
            {
                yield break;
            }
        }
    }

    // Where jobs may match, the newest first: those without a summary, then what the summaries do not exclude.
    private IEnumerable<(long From, long To)> Windows()
    {
        bool summariesHelp = _sql.Text.Length > 0 || _query.CreatedAfter is not null || _query.CreatedBefore is not null;
        if (_few || !summariesHelp)
        {
            yield return (0, _to);
            yield break;
        }

        long summarized = SqliteSummaries.SealedUpTo(_connection);
        if (_to > summarized + 1)
        {
            yield return (summarized + 1, _to);
        }

        foreach ((long first, long last) in Joined(SqliteSummaries.Matching(_connection, _query, _sql.Text, _to)))
        {
            yield return (first, Math.Min(last + 1, _to));
        }
    }

    // A query costs more than a few rows: neighbours are asked for together, the more of them the longer a page takes to fill.
    private static IEnumerable<(long First, long Last)> Joined(IEnumerable<(long First, long Last)> ranges)
    {
        (long First, long Last)? together = null;
        int joined = 0, most = 1;
        foreach ((long first, long last) in ranges)
        {
            if (together is { } newer && last + 1 == newer.First && joined < most)
            {
                together = (first, newer.Last);
                joined++;
                continue;
            }

            if (together is { } ready)
            {
                yield return ready;
                most *= 2;
            }

            together = (first, last);
            joined = 1;
        }

        if (together is { } rest)
        {
            yield return rest;
        }
    }

    // The filter whose matches are rarest among the newest jobs is walked: the 200th lies farthest back, or there are not as many.
    private (IReadOnlyList<JobWalk>? Walks, bool Few) Choose()
    {
        IReadOnlyList<IReadOnlyList<JobWalk>> all = _sql.Walks;
        if (all.Count == 0 || (all.Count == 1 && _sql.Text.Length == 0))
        {
            return (all.Count == 0 ? null : all[0], Few: false);
        }

        IReadOnlyList<JobWalk> rarest = all[0];
        long farthest = long.MaxValue;
        foreach (IReadOnlyList<JobWalk> walks in all)
        {
            long? reach = walks.Max(walk => _connection.ExecuteScalar<long?>(walk.ProbeSql, _sql.Within(0, _to)));
            if (reach is null)
            {
                return (walks, Few: true);
            }

            (rarest, farthest) = reach < farthest ? (walks, reach.Value) : (rarest, farthest);
        }

        return (rarest, Few: false);
    }
}
