using System.Globalization;
using System.Text;
using Dapper;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>A list's filters as SQL; every value is a parameter.</summary>
/// <remarks>
/// Pages are ordered by id, and each index ends with the id, so one filter's rows come in order. For several states SQLite
/// would collect and sort all their rows; instead each state gives its first page and the pages are merged.
/// </remarks>
internal static class SqliteJobQuery
{
    internal static (string Sql, DynamicParameters Parameters) Build(JobQuery query)
    {
        var parameters = new DynamicParameters();
        string filters = string.Concat(Filters(query, parameters).Select(filter => " AND " + filter));
        parameters.Add("limit", query.Limit + 1);
        string[] pages = [.. query.States.Count == 0
            ? [Page(filters)]
            : query.States.Distinct().Select(state =>
                Page(string.Create(CultureInfo.InvariantCulture, $" AND state = {(int)state}{filters}")))];
        string sql = pages.Length == 1
            ? pages[0]
            : $"SELECT * FROM ({string.Join(" UNION ALL ", pages.Select(page => $"SELECT * FROM ({page})"))}) ORDER BY id DESC LIMIT @limit";
        return (sql, parameters);
    }

    private static string Page(string filters) =>
        $"SELECT {JobSql.Columns} FROM jobs WHERE true{filters} ORDER BY id DESC LIMIT @limit";

    private static IEnumerable<string> Filters(JobQuery query, DynamicParameters parameters)
    {
        string? Add(string name, object? value, string filter)
        {
            parameters.Add(name, value);
            return value is null ? null : filter;
        }

        List<string?> filters =
        [
            Add("before", query.Before, "id < @before"),
            Add("queue", query.Queue, "queue = @queue"),
            Add("kind", (int?)query.Kind, "kind = @kind"),
            Add("service", query.Service, "service = @service"),
            Add("origin", (int?)query.Origin, "origin = @origin"),
            Add("text", query.Text is { } text ? Encoding.UTF8.GetBytes(text) : null,
                "(instr(CAST(name AS BLOB), @text) > 0 OR instr(command, @text) > 0)"),
            Add("createdAfter", SqliteValues.From(query.CreatedAfter), "created_at >= @createdAfter"),
            Add("createdBefore", SqliteValues.From(query.CreatedBefore), "created_at < @createdBefore"),
        ];
        foreach (((string key, string? value), int i) in query.Labels.Select((label, i) => (label, i)))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"label{i}");
            parameters.Add(name + "key", key);
            filters.Add($"id IN (SELECT job_id FROM labels WHERE key = @{name}key"
                + (Add(name + "value", value, $" AND value = @{name}value") ?? string.Empty) + ")");
        }

        return filters.OfType<string>();
    }
}
