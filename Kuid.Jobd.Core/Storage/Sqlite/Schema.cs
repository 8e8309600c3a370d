using Dapper;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>
/// The tables, version by version. <c>PRAGMA user_version</c> says which version a file has; each migration leads from one to
/// the next, and all that are needed run in one transaction.
/// </summary>
/// <remarks>
/// Times are microseconds since 1970, UTC; durations are microseconds; states, kinds, origins and reasons are the numbers of
/// their enums. A command is the shell's for the kind shell, the source for the kind pipeline, else the arguments; arguments and
/// env are their elements, each ended by a NUL, as the kernel keeps them. Labels, hosts, limits and the
/// jobs it comes after are JSON. What the summaries are is said in <see cref="SqliteSummaries"/>.
/// </remarks>
internal static class Schema
{
    // "Kuid" in ASCII, at offset 68 of the file: whose database it is (sqlite.org/pragma.html#pragma_application_id).
    private const int ApplicationId = 0x4B756964;

    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE jobs (
          id INTEGER PRIMARY KEY,
          version INTEGER NOT NULL,
          kind INTEGER NOT NULL,
          state INTEGER NOT NULL,
          reason INTEGER,
          detail TEXT,
          ended_by TEXT,
          wait_status INTEGER,
          origin INTEGER NOT NULL,
          principal TEXT NOT NULL,
          name TEXT,
          service TEXT,
          queue TEXT,
          priority INTEGER NOT NULL,
          labels TEXT,
          command BLOB NOT NULL,
          env BLOB,
          clear_env INTEGER NOT NULL,
          cwd BLOB,
          stdin_mode INTEGER NOT NULL,
          stdin_bytes INTEGER NOT NULL,
          timeout INTEGER,
          grace INTEGER,
          drain INTEGER,
          keep_output INTEGER,
          created_at INTEGER NOT NULL,
          queued_at INTEGER,
          started_at INTEGER,
          finished_at INTEGER,
          duration INTEGER,
          cpu_user INTEGER,
          cpu_system INTEGER,
          max_rss_bytes INTEGER,
          pid INTEGER,
          pid_boot_id TEXT,
          pid_start_ticks INTEGER,
          stdout_bytes INTEGER NOT NULL,
          stderr_bytes INTEGER NOT NULL,
          stdout_kept_bytes INTEGER NOT NULL,
          stderr_kept_bytes INTEGER NOT NULL,
          output_incomplete INTEGER NOT NULL,
          output_pruned INTEGER NOT NULL,
          attempt INTEGER NOT NULL,
          max_attempts INTEGER NOT NULL
        );
        CREATE INDEX jobs_by_state ON jobs (state, id);
        CREATE INDEX jobs_by_origin ON jobs (origin, id);
        CREATE INDEX jobs_by_kind ON jobs (kind, id);
        CREATE INDEX jobs_by_queue ON jobs (queue, id) WHERE queue IS NOT NULL;
        CREATE INDEX jobs_by_service ON jobs (service, id) WHERE service IS NOT NULL;
        CREATE INDEX jobs_by_created_at ON jobs (created_at);
        CREATE INDEX jobs_by_finished_at ON jobs (state, finished_at) WHERE finished_at IS NOT NULL;

        CREATE TABLE labels (
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          job_id INTEGER NOT NULL,
          PRIMARY KEY (key, value, job_id)
        ) WITHOUT ROWID;
        CREATE INDEX labels_by_job ON labels (job_id);

        CREATE TABLE inputs (
          job_id INTEGER PRIMARY KEY,
          stdin BLOB NOT NULL
        );

        CREATE TABLE outputs (
          job_id INTEGER PRIMARY KEY,
          finished_at INTEGER NOT NULL,
          shape BLOB NOT NULL,
          stdout_bytes INTEGER NOT NULL,
          stderr_bytes INTEGER NOT NULL,
          stdout BLOB,
          stderr BLOB
        );
        CREATE INDEX outputs_by_age ON outputs (finished_at, stdout_bytes, stderr_bytes);

        CREATE TABLE idempotency_keys (
          principal TEXT NOT NULL,
          key TEXT NOT NULL,
          fingerprint BLOB NOT NULL,
          job_id INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          PRIMARY KEY (principal, key)
        ) WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
        CREATE INDEX idempotency_keys_by_job ON idempotency_keys (job_id);

        CREATE TABLE counters (
          name TEXT PRIMARY KEY,
          value INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO counters VALUES ('reserved_ids', 0), ('output_bytes', 0), ('in_use', 0);
        """,
        """
        ALTER TABLE jobs ADD COLUMN host TEXT;
        ALTER TABLE jobs ADD COLUMN hosts TEXT;

        CREATE TABLE hosts (
          name TEXT PRIMARY KEY,
          address TEXT NOT NULL
        ) WITHOUT ROWID;
        """,
        """
        ALTER TABLE jobs ADD COLUMN not_before INTEGER;
        ALTER TABLE jobs ADD COLUMN expires_in INTEGER;
        ALTER TABLE jobs ADD COLUMN retry_backoff INTEGER NOT NULL DEFAULT 1000000;
        ALTER TABLE jobs ADD COLUMN attempt_stdout_offset INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN attempt_stderr_offset INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN after TEXT;
        ALTER TABLE jobs ADD COLUMN after_mode INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE jobs ADD COLUMN concurrency_key TEXT;
        ALTER TABLE jobs ADD COLUMN key_policy INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE jobs ADD COLUMN parent_id INTEGER;
        ALTER TABLE jobs ADD COLUMN batch_id INTEGER;
        ALTER TABLE jobs ADD COLUMN schedule TEXT;
        ALTER TABLE jobs ADD COLUMN limits TEXT;
        ALTER TABLE jobs ADD COLUMN callback_url TEXT;
        ALTER TABLE jobs ADD COLUMN disconnect INTEGER NOT NULL DEFAULT 1;
        CREATE INDEX jobs_by_batch ON jobs (batch_id, state, finished_at) WHERE batch_id IS NOT NULL;

        CREATE TABLE queues (
          name TEXT PRIMARY KEY,
          concurrency INTEGER,
          paused INTEGER NOT NULL,
          draining INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE batches (
          id INTEGER PRIMARY KEY,
          name TEXT,
          principal TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          max_parallel INTEGER,
          stop_on_failure INTEGER NOT NULL,
          stopped INTEGER NOT NULL
        );
        INSERT INTO counters VALUES ('batches', 0);

        CREATE TABLE schedules (
          name TEXT PRIMARY KEY,
          definition TEXT NOT NULL,
          principal TEXT NOT NULL,
          paused INTEGER NOT NULL,
          created_at INTEGER NOT NULL,
          last_at INTEGER,
          last_job INTEGER,
          last_error TEXT,
          next_at INTEGER
        ) WITHOUT ROWID;
        """,
        """
        ALTER TABLE jobs ADD COLUMN claimed_user TEXT;
        ALTER TABLE jobs ADD COLUMN passed_through INTEGER NOT NULL DEFAULT 0;
        """,
        """
        ALTER TABLE jobs ADD COLUMN survives INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN isolation INTEGER;
        """,
        """
        CREATE INDEX labels_by_key ON labels (key, job_id);

        CREATE TABLE summaries (
          last_id INTEGER PRIMARY KEY,
          first_id INTEGER NOT NULL,
          oldest INTEGER NOT NULL,
          newest INTEGER NOT NULL
        );
        CREATE TABLE summary_grams (
          part INTEGER NOT NULL,
          last_id INTEGER NOT NULL,
          bits BLOB NOT NULL,
          PRIMARY KEY (part, last_id)
        ) WITHOUT ROWID;
        """,
    ];

    /// <summary>The version that this program writes.</summary>
    internal static int Current => Migrations.Length;

    /// <summary>Looks whether a file is a history, or is empty and can become one.</summary>
    /// <exception cref="StoreException">It is another program's.</exception>
    internal static void Recognize(SqliteConnection connection)
    {
        if (connection.ExecuteScalar<long>("PRAGMA application_id") != ApplicationId
            && connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master") > 0)
        {
            throw new StoreException(StoreFault.Damaged, "the history's file is the database of another program; it is left as it is");
        }
    }

    /// <summary>Brings a file to the current version.</summary>
    /// <returns>The version it had; 0 for an empty file.</returns>
    /// <exception cref="StoreException">It is of a newer program.</exception>
    internal static int Migrate(SqliteConnection connection) => Migrate(connection, Migrations);

    /// <summary>The same with other steps, for tests of what lies ahead.</summary>
    internal static int Migrate(SqliteConnection connection, IReadOnlyList<string> migrations) => SqliteDatabase.Transact(connection, () =>
    {
        int version = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (version > migrations.Count)
        {
            throw new StoreException(
                StoreFault.Damaged,
                $"the history has schema version {version}, this kuid-jobd knows up to {migrations.Count}: a newer one has written it");
        }

        foreach (string migration in migrations.Skip(version))
        {
            connection.Execute(migration);
        }

        connection.Execute(FormattableString.Invariant($"PRAGMA user_version = {migrations.Count}; PRAGMA application_id = {ApplicationId}"));
        return version;
    });
}
