using Dapper;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>Schedules: the table schedules.</summary>
public sealed partial class SqliteJobStore
{
    /// <inheritdoc/>
    public void PutSchedule(ScheduleRecord schedule) => Transact(durable: true, connection => connection.Execute(
        """
        INSERT OR REPLACE INTO schedules (name, definition, principal, paused, created_at, last_at, last_job, last_error, next_at)
          VALUES (@Name, @Definition, @Principal, @Paused, @CreatedAt, @LastAt, @LastJob, @LastError, @NextAt)
        """,
        ScheduleRow.Of(schedule)));

    /// <inheritdoc/>
    public bool DeleteSchedule(string name) => Transact(durable: true, connection =>
        connection.Execute("DELETE FROM schedules WHERE name = @name", new { name }) > 0);

    internal static IReadOnlyList<ScheduleRecord> Schedules(SqliteConnection connection) =>
    [
        .. connection.Query<ScheduleRow>(
            """
            SELECT name, definition, principal, paused, created_at AS CreatedAt, last_at AS LastAt, last_job AS LastJob,
                last_error AS LastError, next_at AS NextAt
              FROM schedules ORDER BY name
            """).Select(row => row.ToRecord()),
    ];

    /// <summary>A row: a <see cref="ScheduleRecord"/> in the types of SQLite.</summary>
    private sealed class ScheduleRow
    {
        public string Name { get; init; } = string.Empty;

        public string Definition { get; init; } = string.Empty;

        public string Principal { get; init; } = string.Empty;

        public bool Paused { get; init; }

        public long CreatedAt { get; init; }

        public long? LastAt { get; init; }

        public long? LastJob { get; init; }

        public string? LastError { get; init; }

        public long? NextAt { get; init; }

        internal static ScheduleRow Of(ScheduleRecord schedule) => new()
        {
            Name = schedule.Name,
            Definition = schedule.Definition,
            Principal = schedule.Principal,
            Paused = schedule.Paused,
            CreatedAt = SqliteValues.From(schedule.CreatedAt),
            LastAt = SqliteValues.From(schedule.LastAt),
            LastJob = schedule.LastJob,
            LastError = schedule.LastError,
            NextAt = SqliteValues.From(schedule.NextAt),
        };

        internal ScheduleRecord ToRecord() => new()
        {
            Name = Name,
            Definition = Definition,
            Principal = Principal,
            Paused = Paused,
            CreatedAt = SqliteValues.ToTime(CreatedAt),
            LastAt = SqliteValues.ToTime(LastAt),
            LastJob = LastJob,
            LastError = LastError,
            NextAt = SqliteValues.ToTime(NextAt),
        };
    }
}
