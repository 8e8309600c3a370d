using System.Globalization;

namespace Kuid.Faults.Tests.Storage;

/// <summary>A history of many rows, most of which are too old or too many.</summary>
public sealed class RetentionSpecs : IDisposable
{
    private const int Kept = 500;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Row_31_twenty_thousand_rows_too_many_are_swept_while_the_daemon_goes_on() => Sweep(20_000);

    [Fact]
    [Trait("Length", "Soak")]
    public Task Row_31_a_million_rows_too_many_are_swept_while_the_daemon_goes_on()
    {
        Assert.SkipUnless(Soak.IsAsked, Soak.Reason);
        return Sweep(1_000_000);
    }

    private async Task Sweep(int rows)
    {
        string history = _folder["data/history.db"];
        await using (HttpDaemon first = await HttpDaemon.Start(folder: _folder))
        {
            await first.Client.SubmitToEnd("echo out", "\"labels\":{\"k\":\"v\"}");
            await first.Daemon.Stop();
        }

        // Copies of a row that a daemon has written, whatever columns it has by now, with their labels and outputs.
        await StoreTool.Python(history, string.Create(CultureInfo.InvariantCulture, $"""
            db.execute('BEGIN')
            count = 'WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) '
            for table, key in (('jobs', 'id'), ('labels', 'job_id'), ('outputs', 'job_id')):
                names = ', '.join(c[1] for c in db.execute('PRAGMA table_info(' + table + ')') if c[1] != key)
                db.execute('INSERT INTO ' + table + ' (' + key + ', ' + names + ') ' + count + 'SELECT i, ' + names + ' FROM n, ' + table + ' WHERE ' + table + '.' + key + ' = 1')
            db.execute("UPDATE counters SET value = value * {rows} WHERE name = 'output_bytes'")
            db.execute('COMMIT')
            """));

        await using HttpDaemon http = await HttpDaemon.Start(["--history-succeeded-count", Kept.ToString(CultureInfo.InvariantCulture)], folder: _folder);
        await HealthProbe.While(http.Daemon, async () =>
        {
            for (int i = 0; i < 20; i++)
            {
                await http.Client.SubmitToEnd("true");
            }

            await Eventually.Holds(
                () => http.Daemon.Log.Contains("history: removed", StringComparison.Ordinal), "the sweep is over", TimeSpan.FromSeconds(60 + (rows / 200)));
        });
        await http.Daemon.Stop();
        await StoreTool.IsSound(history);
        string[] left = (await StoreTool.Python(
            history,
            "print(db.execute('SELECT count(*) FROM jobs WHERE id <= 20').fetchone()[0], db.execute('SELECT count(*) FROM jobs').fetchone()[0], "
            + "db.execute('SELECT count(*) FROM labels WHERE job_id NOT IN (SELECT id FROM jobs)').fetchone()[0], "
            + "db.execute('SELECT count(*) FROM outputs WHERE job_id NOT IN (SELECT id FROM jobs)').fetchone()[0])")).Trim().Split(' ');
        left[0].Should().Be("0", "the oldest go first");

        // What has ended since the sweep looked where to cut is for the next one.
        long.Parse(left[1], CultureInfo.InvariantCulture).Should().BeInRange(Kept, Kept + 5000);
        left[2..].Should().Equal("0", "0");
    }
}
