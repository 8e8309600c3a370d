using System.Net;

namespace Kuid.Faults.Tests.Storage;

/// <summary>Files that are damaged, no history, cut off, taken away or of another time.</summary>
public sealed class DamageSpecs : IDisposable
{
    private const int Page = 4096;

    private readonly TempFolder _folder = new();

    private string History => _folder["data/history.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Row_22_a_page_that_was_damaged_while_nobody_looked_is_found_at_the_start_and_nothing_is_written_any_more()
    {
        await MakeHistory(jobs: 30);
        byte[] noise = new byte[8 * Page];
        Array.Fill(noise, (byte)0xa5);
        long position;
        using (FileStream file = File.OpenWrite(History))
        {
            position = file.Length / 2 / Page * Page;
            file.Position = position;
            file.Write(noise);
        }

        await using HttpDaemon http = await HttpDaemon.Start(folder: _folder);
        await Eventually.Holds(() => http.Daemon.Log.Contains("history: is damaged", StringComparison.Ordinal), "the damage is found");
        await HealthProbe.While(http.Daemon, async () =>
        {
            using HttpResponseMessage refused = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")));
            refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
            using HttpResponseMessage readiness = await http.Client.GetAsync("/readyz");
            (await readiness.Content.ReadAsStringAsync()).Should().Contain("damaged");
            (await http.Daemon.Run("echo on")).Text.Should().Be("on\n");
        });
        await http.Daemon.Stop();

        (await Bytes(position, noise.Length)).Should().Equal(noise, "a damaged page is evidence, and whoever repairs it has what was there");
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("text")]
    [InlineData("half a history")]
    public async Task Row_23_what_is_no_history_is_refused_at_the_start_with_its_path_and_not_a_byte_of_it_is_changed(string kind)
    {
        await MakeHistory(jobs: 3);
        byte[] whole = await File.ReadAllBytesAsync(History);
        byte[] wrong = kind switch
        {
            "noise" => [.. Enumerable.Repeat((byte)0xa5, 3 * Page)],
            "text" => "this is somebody's diary, and not a short one: dear diary"u8.ToArray(),
            _ => whole[..(whole.Length / 2 / Page * Page)],
        };
        await File.WriteAllBytesAsync(History, wrong);

        for (int attempt = 0; attempt < 2; attempt++)
        {
            ToolRun start = await ToolRun.Of(Repository.Daemon, [_folder["s"], "--foreground", "--data", _folder["data"]], limit: TimeSpan.FromMinutes(1));
            start.ExitCode.Should().Be(111, start.Stderr);
            start.Stderr.Should().Contain(History);
            (await File.ReadAllBytesAsync(History)).Should().Equal(wrong);
        }
    }

    [Fact]
    public async Task Row_23_an_empty_file_becomes_a_history()
    {
        await MakeHistory(jobs: 1);
        File.Delete(History);
        await File.WriteAllBytesAsync(History, []);

        await using HttpDaemon http = await HttpDaemon.Start(folder: _folder);

        await http.Client.SubmitToEnd("true");
    }

    [Theory]
    [InlineData("history.db", true)]
    [InlineData("history.db", false)]
    [InlineData("history.db-wal", false)]
    public async Task Row_24_a_file_that_is_taken_away_while_it_is_used_is_noticed_and_nothing_is_written_to_what_has_its_name(string name, bool replaced)
    {
        await using HttpDaemon http = await HttpDaemon.Start(folder: _folder);
        await http.Client.SubmitToEnd("true");
        await HealthProbe.While(http.Daemon, async () =>
        {
            File.Move(_folder["data/" + name], _folder["away"]);
            if (replaced)
            {
                await File.WriteAllTextAsync(_folder["data/" + name], "somebody else's");
            }

            using HttpResponseMessage refused = await http.Client.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")));
            (refused.StatusCode, await refused.Code()).Should().Be((HttpStatusCode.ServiceUnavailable, "unavailable"));
            await Eventually.Holds(() => http.Daemon.Log.Contains("moved, removed or replaced while it was in use", StringComparison.Ordinal), "the log says it");
            (await http.Daemon.Run("echo on")).Text.Should().Be("on\n");
        });
        await http.Daemon.Stop();
        (File.Exists(_folder["data/" + name]) ? await File.ReadAllTextAsync(_folder["data/" + name]) : null).Should().Be(replaced ? "somebody else's" : null);
    }

    [Fact]
    public async Task Row_25_a_log_that_was_taken_away_after_a_crash_costs_what_was_in_it_and_no_more()
    {
        await MakeHistory(jobs: 5);
        await using (HttpDaemon killed = await HttpDaemon.Start(folder: _folder))
        {
            await killed.Client.SubmitToEnd("true");
            await killed.Daemon.Kill();
        }

        File.Exists(History + "-wal").Should().BeTrue();
        File.Delete(History + "-wal");

        await using HttpDaemon http = await HttpDaemon.Start(folder: _folder);
        for (long id = 1; id <= 5; id++)
        {
            (await http.Client.Job(id)).Text("state").Should().Be("succeeded", "it was in the file before");
        }

        (await http.Client.SubmitToEnd("true")).Long("id").Should().BeGreaterThan(5);
        await http.Daemon.Stop();
        await StoreTool.IsSound(History);
    }

    [Fact]
    public async Task Row_26_a_newer_programs_history_is_refused_at_the_start_and_not_a_byte_of_it_is_changed()
    {
        await MakeHistory(jobs: 1);
        await StoreTool.Python(History, "db.execute('PRAGMA user_version = 999'); db.execute('PRAGMA wal_checkpoint(TRUNCATE)')");
        byte[] before = await File.ReadAllBytesAsync(History);

        ToolRun start = await ToolRun.Of(Repository.Daemon, [_folder["s"], "--foreground", "--data", _folder["data"]], limit: TimeSpan.FromMinutes(1));

        start.ExitCode.Should().Be(111);
        start.Stderr.Should().Contain("schema version 999");
        (await File.ReadAllBytesAsync(History)).Should().Equal(before);
    }

    private async Task MakeHistory(int jobs)
    {
        await using HttpDaemon http = await HttpDaemon.Start(folder: _folder);
        for (int i = 0; i < jobs; i++)
        {
            await http.Client.SubmitToEnd("head -c 20000 /dev/zero");
        }

        (await http.Daemon.Stop()).Should().Be(0);
    }

    private async Task<byte[]> Bytes(long position, int count)
    {
        using FileStream file = File.OpenRead(History);
        file.Position = position;
        byte[] bytes = new byte[count];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }
}
