using System.Reflection;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>The statements for rows of the table jobs, made of the members of <see cref="JobRow"/>: a column cannot be forgotten.</summary>
internal static class JobSql
{
    // What a job is to do never changes after it was submitted; where and when it waits can.
    private static readonly string[] Fixed =
    [
        nameof(JobRow.Id), nameof(JobRow.Kind), nameof(JobRow.Origin), nameof(JobRow.Principal), nameof(JobRow.Name),
        nameof(JobRow.Service), nameof(JobRow.Command), nameof(JobRow.Host), nameof(JobRow.Hosts), nameof(JobRow.Env),
        nameof(JobRow.ClearEnv), nameof(JobRow.Cwd), nameof(JobRow.StdinMode), nameof(JobRow.Timeout),
        nameof(JobRow.Grace), nameof(JobRow.Drain), nameof(JobRow.KeepOutput), nameof(JobRow.CreatedAt),
        nameof(JobRow.MaxAttempts), nameof(JobRow.ExpiresIn), nameof(JobRow.RetryBackoff), nameof(JobRow.After), nameof(JobRow.AfterMode),
        nameof(JobRow.ConcurrencyKey), nameof(JobRow.KeyPolicy), nameof(JobRow.ParentId), nameof(JobRow.BatchId), nameof(JobRow.Schedule),
        nameof(JobRow.Limits), nameof(JobRow.CallbackUrl), nameof(JobRow.Disconnect), nameof(JobRow.ClaimedUser), nameof(JobRow.PassedThrough),
        nameof(JobRow.Survives),
        nameof(JobRow.Isolation),
    ];

    /// <summary>The members, one a column, in the order of the columns.</summary>
    internal static IReadOnlyList<PropertyInfo> Members { get; } = typeof(JobRow).GetProperties();

    private static readonly string[] Names = [.. Members.Select(member => member.Name)];

    /// <summary>All columns, in one order.</summary>
    internal static string Columns { get; } = string.Join(", ", Names.Select(Column));

    /// <summary>Writes a row, whether there is one with that id or not; its parameters are the members, in their order.</summary>
    internal static string Upsert { get; } =
        $"INSERT INTO jobs ({Columns}) VALUES ({string.Join(", ", Names.Select(_ => "?"))}) "
        + $"ON CONFLICT (id) DO UPDATE SET {string.Join(", ", Names.Except(Fixed, StringComparer.Ordinal).Select(member => $"{Column(member)} = excluded.{Column(member)}"))}";

    // EndedBy is ended_by.
    private static string Column(string member) =>
        string.Concat(member.Select((c, i) => i > 0 && char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
