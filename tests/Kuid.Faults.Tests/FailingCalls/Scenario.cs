using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kuid.Faults.Tests.Load;

namespace Kuid.Faults.Tests.FailingCalls;

/// <summary>
/// Submissions and completions over both doors, with whatever goes wrong taken as an answer. What was promised and what ran is kept
/// over all rounds on one data folder, so that a later round sees what an earlier one has broken.
/// </summary>
internal sealed class Scenario(TempFolder folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<long, Promise> _acknowledged = new();
    private readonly string _ran = folder["ran"];
    private int _names;

    /// <summary>How many jobs the daemon has promised to keep.</summary>
    internal int Acknowledged => _acknowledged.Count;

    /// <summary>Forgets what was heard at a moment or after it: when the power has gone nobody hears anything any more.</summary>
    /// <param name="moment">A time of <see cref="Stopwatch.GetTimestamp"/>.</param>
    /// <returns>What is forgotten, and how long before the moment the newest of the rest was heard.</returns>
    internal (IReadOnlyCollection<long> Forgotten, TimeSpan Nearest) ForgetSince(long moment)
    {
        long[] late = [.. _acknowledged.Where(promise => promise.Value.HeardAt >= moment).Select(promise => promise.Key)];
        Array.ForEach(late, id => _acknowledged.TryRemove(id, out _));
        return (late, Stopwatch.GetElapsedTime(_acknowledged.Values.Max(promise => promise.HeardAt), moment));
    }

    /// <summary>The file in which each job leaves its name when it runs.</summary>
    internal string Marks => _ran;

    /// <summary>Forgets what ran later, once nothing of it is about to leave a mark; no daemon runs.</summary>
    /// <param name="length">How long the file of the marks was.</param>
    internal async Task ForgetMarksBeyond(long length)
    {
        await Eventually.Holds(() => ProcessTable.WithCommandLine($">> {_ran};").Count == 0, "what was about to leave a mark has left it");
        await using FileStream marks = new(_ran, FileMode.Open);
        marks.SetLength(length);
    }

    /// <summary>One round; it fails at nothing.</summary>
    internal async Task Run(TestDaemon daemon)
    {
        // Not held against the contract: an answer may be cut off, or say that the daemon could not.
        using HttpClient client = UnixHttp.ClientOf(folder["data/http.sock"]);
        client.Timeout = Patience;
        List<long> mine = [];
        mine.AddRange(await Submit(client, "exit 0"));
        await Sockproc(daemon);

        // Output that becomes a file, input that is kept, and two at once.
        mine.AddRange(await Submit(client, "head -c 300000 /dev/zero"));
        IEnumerable<long>[] together = await Task.WhenAll(
            Submit(client, "cat", $"\"stdin\":\"{Convert.ToBase64String(new byte[9000])}\""), Submit(client, "exit 3"));
        mine.AddRange(together.SelectMany(ids => ids));
        await Sockproc(daemon);
        foreach (long id in mine)
        {
            await Attempt(() => client.GetStringAsync($"/v1/jobs/{id}?wait=5"));
        }
    }

    /// <summary>Whether everything that was promised is kept, by a daemon that was started plainly after the round.</summary>
    internal async Task IsKept(TestDaemon daemon, string round)
    {
        using HttpClient client = HttpDaemon.ClientOf(folder["data/http.sock"]);
        foreach ((long id, (string name, _)) in _acknowledged)
        {
            using HttpResponseMessage response = await client.GetAsync($"/v1/jobs/{id}?wait=60");
            response.StatusCode.Should().Be(HttpStatusCode.OK, "job {0} was acknowledged; {1}", id, round);
            JsonElement job = await response.Body();
            job.Text("name").Should().Be(name, "of job {0}; {1}", id, round);
            job.Text("state").Should().BeOneOf(["succeeded", "failed", "lost"], "of job {0}; {1}", id, round);
        }

        string[] ran = File.Exists(_ran) ? await File.ReadAllLinesAsync(_ran) : [];
        ran.Should().OnlyHaveUniqueItems("no job runs twice; {0}; {1}", round, daemon.Log);
    }

    /// <summary>Whether the file is sound and has no job twice, while no daemon uses it.</summary>
    internal async Task IsSound(string round)
    {
        ToolRun check = await ToolRun.Of("python3",
        [
            "-c",
            """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            print(db.execute('PRAGMA integrity_check').fetchone()[0])
            print(db.execute('SELECT count(*) FROM (SELECT name FROM jobs WHERE name IS NOT NULL GROUP BY name HAVING count(*) > 1)').fetchone()[0])
            """,
            folder["data/history.db"],
        ]);
        check.Text.Should().Be("ok\n0\n", "{0} {1}", round, check.Stderr);
    }

    private async Task<IEnumerable<long>> Submit(HttpClient client, string command, string more = "")
    {
        string name = $"n{Interlocked.Increment(ref _names)}";
        long? id = null;
        await Attempt(async () =>
        {
            string body = Requests.Shell($"echo {name} >> {_ran}; {command}", $"\"name\":\"{name}\"{(more.Length > 0 ? "," : "")}{more}");
            using HttpResponseMessage response = await client.PostAsync("/v1/jobs", Requests.Json(body));
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                id = (await response.Body()).Long("id");
                _acknowledged[id.Value] = new Promise(name, Stopwatch.GetTimestamp());
            }
            else
            {
                ((int)response.StatusCode).Should().BeGreaterThanOrEqualTo(500, "the daemon is in trouble and the request is not");
            }
        });
        return id is { } known ? [known] : [];
    }

    private async Task Sockproc(TestDaemon daemon)
    {
        string name = $"n{Interlocked.Increment(ref _names)}";
        await Attempt(() => daemon.Run($"echo {name} >> {_ran}").WaitAsync(Patience));
    }

    // A connection that breaks, no answer, a reply cut off: all of that may be, for it is the daemon whose calls fail.
    private static async Task Attempt(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or SocketException or IOException or FormatException or TimeoutException)
        {
        }
    }

    /// <param name="HeardAt">When the whole answer was there.</param>
    private sealed record Promise(string Name, long HeardAt);
}
