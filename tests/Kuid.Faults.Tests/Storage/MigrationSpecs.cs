namespace Kuid.Faults.Tests.Storage;

/// <summary>A history of the first version, large, whose way to the current one is cut off at each of its writes.</summary>
public sealed class MigrationSpecs : IDisposable
{
    private const int Jobs = 20_000;
    private const int MostWrites = 200;

    private readonly TempFolder _folder = new();

    private string History => _folder["data/history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Row_27_killed_at_any_write_of_the_migration_the_file_is_of_one_version_or_the_other_and_the_next_start_completes_it()
    {
        Assert.SkipUnless(ToolRun.Exists("strace"), "strace is not on PATH");
        string old = _folder["old.db"];
        await Make(old);
        Directory.CreateDirectory(_folder["data"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // Each write in the long part; in the fast one the first ones, among which the migration's are, and then ever fewer.
        int killed = 0;
        HashSet<string> versions = [];
        for (int n = 1; n < MostWrites; n = Soak.IsAsked ? n + 1 : n + 1 + (n / 2))
        {
            Array.ForEach(Directory.GetFiles(_folder["data"], "history.db*"), File.Delete);
            File.Copy(old, History);
            if (!await StartsAndIsKilledAtWrite(n))
            {
                break;
            }

            killed++;
            File.Copy(History, _folder["copy.db"], overwrite: true);
            File.Delete(_folder["copy.db-wal"]);
            if (File.Exists(History + "-wal"))
            {
                File.Copy(History + "-wal", _folder["copy.db-wal"]);
            }

            versions.Add(await StoreTool.Python(
                _folder["copy.db"],
                "print(db.execute('PRAGMA integrity_check').fetchone()[0], db.execute('PRAGMA user_version').fetchone()[0], "
                + "db.execute('SELECT count(*) FROM jobs').fetchone()[0], db.execute(\"SELECT count(*) FROM sqlite_master WHERE name = 'schedules'\").fetchone()[0])"));

            await using HttpDaemon next = await HttpDaemon.Start(folder: _folder);
            (await next.Client.Job(Jobs)).Text("state").Should().Be("succeeded");
            (await next.Client.SubmitToEnd("true")).Long("id").Should().BeGreaterThan(Jobs);
            await next.Daemon.Kill();
        }

        killed.Should().BePositive("the first write of a start is one of the migration or before it");
        string current = (await StoreTool.Python(History, "print(db.execute('PRAGMA user_version').fetchone()[0])")).Trim();
        versions.Should().BeSubsetOf([$"ok 1 {Jobs} 0\n", $"ok {current} {Jobs} 1\n"], "a migration is a transaction");
        versions.Should().Contain($"ok 1 {Jobs} 0\n");
    }

    // strace kills the whole daemon at its Nth write to the history's files.
    private async Task<bool> StartsAndIsKilledAtWrite(int n)
    {
        try
        {
            await using TestDaemon daemon = await TestDaemon.Start(folder: _folder, wrapper:
            [
                "strace", "-D", "-f", "-q", "-o", "/dev/null", "-P", History, "-P", History + "-wal", "-e", "trace=pwrite64",
                "-e", $"inject=pwrite64:signal=KILL:when={n}",
            ]);
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static async Task Make(string path) => await StoreTool.Python(
        path,
        $"""
        db.executescript(open({Quoted(Repository.File("tests/Kuid.Jobd.Core.Tests/Storage/Sqlite/history-v1.sql"))}).read())
        db.execute('DELETE FROM jobs WHERE id <> 2')
        db.execute('DELETE FROM inputs')
        columns = [c[1] for c in db.execute('PRAGMA table_info(jobs)') if c[1] != 'id']
        names = ', '.join(columns)
        db.execute('BEGIN')
        db.execute('INSERT INTO jobs (id, ' + names + ') WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Jobs}) '
          + 'SELECT i, ' + names + ' FROM n, jobs WHERE jobs.id = 2 AND i <> 2')
        db.execute('COMMIT')
        """);

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
