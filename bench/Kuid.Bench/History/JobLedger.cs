using System.Diagnostics;
using Dapper;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Kuid.Bench.History;

/// <summary>
/// Holds a daemon's history against what its clients were answered: as many jobs, all in the state that they have to be in, each with a
/// process of its own. A daemon that loses jobs, or answers without running them, would otherwise look fast.
/// </summary>
internal sealed class JobLedger(string database) : IDisposable
{
    // Replies do not wait for the history, which is written in batches.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private SqliteConnection? _connection;
    private long _begin;
    private long _confirmed;

    /// <summary>Begins to count: whatever is in the history by now was there before.</summary>
    internal void Begin()
    {
        _ = SqliteLibrary.Description;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = database,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString);
        _connection.Open();
        _begin = _confirmed = _connection.ExecuteScalar<long>("SELECT coalesce(max(id), 0) FROM jobs");
    }

    /// <summary>How many jobs are in a state, of those that are not confirmed.</summary>
    internal int Count(JobState state) => _connection!.ExecuteScalar<int>(
        "SELECT count(*) FROM jobs WHERE state = @state AND id > @confirmed", new { state = (int)state, confirmed = _confirmed });

    /// <summary>Confirms that so many jobs came since the last time, and that they are in this state.</summary>
    /// <exception cref="CaseFailedException">It is not so.</exception>
    internal async Task ConfirmAsync(int answered, JobState state, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (Count(state) < answered && Stopwatch.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(Pause, cancellation);
        }

        int there = _connection!.ExecuteScalar<int>("SELECT count(*) FROM jobs WHERE id > @confirmed", new { confirmed = _confirmed });
        if (there != answered || Count(state) != answered)
        {
            throw new CaseFailedException(
                $"{answered} requests were answered, and the history has {there} jobs more, {Count(state)} of them {state}");
        }

        ConfirmProcesses(ran: state is JobState.Succeeded);
        _confirmed = _connection!.ExecuteScalar<long>("SELECT coalesce(max(id), 0) FROM jobs");
    }

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    // Pids come round again, on a machine with few of them within seconds: no two jobs had the same one at the same time.
    private void ConfirmProcesses(bool ran)
    {
        int without = _connection!.ExecuteScalar<int>(
            "SELECT count(*) FROM jobs WHERE id > @confirmed AND pid IS NULL", new { confirmed = _confirmed });
        int twice = _connection!.ExecuteScalar<int>(
            """
            SELECT count(*) FROM (
              SELECT started_at, lag(finished_at) OVER (PARTITION BY pid ORDER BY started_at) AS ended_before
              FROM jobs WHERE id > @begin AND pid IS NOT NULL)
            WHERE started_at < ended_before
            """,
            new { begin = _begin });
        if ((ran && without > 0) || twice > 0)
        {
            throw new CaseFailedException($"{without} jobs have no pid, and {twice} had a process that was another job's at the same time");
        }
    }
}
