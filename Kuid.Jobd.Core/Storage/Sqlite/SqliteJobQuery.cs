using System.Globalization;
using System.Text;
using Dapper;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>A list's filters as SQL; every value is a parameter.</summary>
/// <remarks>
/// Pages are ordered by id, and each index ends with the id, so one filter's rows come in order. Which index is walked is said in the SQL:
/// SQLite knows nothing of how many rows a filter lets through, and would sort them all rather than stop early. For several states each
/// gives its first page and the pages are merged.
/// </remarks>
internal sealed class SqliteJobQuery
{
    private readonly DynamicParameters _parameters = new();
    private readonly List<string> _plain = [];
    private readonly List<(string Filter, IReadOnlyList<JobWalk> Walks)> _indexed = [];

    internal SqliteJobQuery(JobQuery query)
    {
        Text = query.Text is { } text ? Encoding.UTF8.GetBytes(text) : [];
        AddStates([.. query.States.Distinct()]);
        AddIndexed("queue", query.Queue);
        AddIndexed("kind", (int?)query.Kind);
        AddIndexed("service", query.Service);
        AddIndexed("origin", (int?)query.Origin);
        AddPlain("text", Text.Length > 0 ? Text : null, "(instr(CAST(name AS BLOB), @text) > 0 OR instr(command, @text) > 0)");
        AddPlain("createdAfter", SqliteValues.From(query.CreatedAfter), "created_at >= @createdAfter");
        AddPlain("createdBefore", SqliteValues.From(query.CreatedBefore), "created_at < @createdBefore");
        foreach ((int i, (string key, string? value)) in query.Labels.Index())
        {
            AddLabel(i, key, value);
        }
    }

    /// <summary>The text that is looked for; empty for none.</summary>
    internal byte[] Text { get; }

    /// <summary>The filters that an index can be walked for, with one walk for each of their values.</summary>
    internal IReadOnlyList<IReadOnlyList<JobWalk>> Walks => [.. _indexed.Select(filter => filter.Walks)];

    /// <summary>The parameters, with bounds of the ids.</summary>
    internal DynamicParameters Within(long from, long to, int limit = 1)
    {
        _parameters.Add("from", from);
        _parameters.Add("to", to);
        _parameters.Add("limit", limit);
        return _parameters;
    }

    /// <summary>Selects a page, the newest first.</summary>
    /// <param name="walks">One of <see cref="Walks"/>, or none to go through all jobs.</param>
    internal string PageSql(IReadOnlyList<JobWalk>? walks)
    {
        string filters = string.Concat(_indexed.Where(filter => filter.Walks != walks).Select(filter => filter.Filter).Concat(_plain)
            .Select(filter => " AND " + filter));
        string[] pages = [.. (walks ?? [JobWalk.All]).Select(walk => walk.PageSql(filters))];
        return pages.Length == 1
            ? pages[0]
            : $"SELECT * FROM ({string.Join(" UNION ALL ", pages.Select(page => $"SELECT * FROM ({page})"))}) ORDER BY id DESC LIMIT @limit";
    }

    private void AddStates(IReadOnlyList<JobState> states)
    {
        if (states.Count > 0)
        {
            string[] numbers = [.. states.Select(state => ((int)state).ToString(CultureInfo.InvariantCulture))];
            _indexed.Add((
                $"state IN ({string.Join(", ", numbers)})",
                [.. numbers.Select(number => JobWalk.ByIndex("jobs_by_state", $"state = {number}"))]));
        }
    }

    private void AddIndexed(string column, object? value)
    {
        if (value is not null)
        {
            _parameters.Add(column, value);
            _indexed.Add(($"{column} = @{column}", [JobWalk.ByIndex("jobs_by_" + column, $"{column} = @{column}")]));
        }
    }

    private void AddPlain(string name, object? value, string filter)
    {
        if (value is not null)
        {
            _parameters.Add(name, value);
            _plain.Add(filter);
        }
    }

    private void AddLabel(int i, string key, string? value)
    {
        string filter = string.Create(CultureInfo.InvariantCulture, $"labels.key = @key{i}");
        _parameters.Add(string.Create(CultureInfo.InvariantCulture, $"key{i}"), key);
        string source = "labels INDEXED BY labels_by_key";
        if (value is not null)
        {
            filter += string.Create(CultureInfo.InvariantCulture, $" AND labels.value = @value{i}");
            _parameters.Add(string.Create(CultureInfo.InvariantCulture, $"value{i}"), value);
            source = "labels";
        }

        _indexed.Add(($"EXISTS (SELECT 1 FROM {source} WHERE {filter} AND labels.job_id = jobs.id)", [JobWalk.ByLabel(source, filter)]));
    }
}
