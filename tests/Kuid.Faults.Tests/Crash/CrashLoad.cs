using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Kuid.Faults.Tests.Load;

namespace Kuid.Faults.Tests.Crash;

/// <summary>
/// Clients of both doors against one daemon until it is killed: they submit, look, cancel, and note what they are told. While it starts
/// they knock until somebody opens; from when it is ready to when it is killed, nothing may go wrong.
/// </summary>
internal sealed class CrashLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly TestDaemon _daemon;
    private readonly CrashLedger _ledger;
    private readonly HttpClient _http;
    private readonly Task _clients;
    private volatile bool _ready;
    private volatile bool _killed;

    /// <param name="round">Begins the names of its jobs.</param>
    internal CrashLoad(TestDaemon daemon, CrashLedger ledger, int round, ulong seed)
    {
        (_daemon, _ledger) = (daemon, ledger);
        _http = UnixHttp.ClientOf(daemon.Folder["data/http.sock"]);
        Func<Dice, string, Task>[] kinds = [SubmitAsync, SubmitAsync, SubmitAsync, LookAsync, RunAsync, RunAsync];
        _clients = Task.WhenAll(kinds.Select((kind, i) => RepeatAsync(kind, new Dice(seed, (round * 100L) + i), $"r{round}c{i}")));
    }

    /// <summary>The daemon has said that it is ready.</summary>
    internal void Ready() => _ready = true;

    /// <summary>Kills the daemon and waits until nobody talks to it any more.</summary>
    internal async Task KillAsync()
    {
        _killed = true;
        await _daemon.Kill();
        await _clients;
    }

    public ValueTask DisposeAsync()
    {
        _killed = true;
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task RepeatAsync(Func<Dice, string, Task> act, Dice dice, string prefix)
    {
        for (int i = 0; !_killed; i++)
        {
            bool wasReady = _ready;
            try
            {
                await act(dice, $"{prefix}n{i}");
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or FormatException or IOException or JsonException)
            {
                // Of a killed daemon's answers some are cut off, and one that is not ready has none.
                if (wasReady && !_killed)
                {
                    _ledger.Faults.Enqueue($"while the daemon was up: {e.Message}");
                }

                await Task.Delay(Pause);
            }
        }
    }

    private async Task SubmitAsync(Dice dice, string name)
    {
        string seconds = dice.Of("0", "0", "0.05", "0.3");
        string body = Requests.Shell(_ledger.CommandOf(name, seconds), $"\"name\":\"{name}\"");
        using HttpResponseMessage response = await _http.PostAsync("/v1/jobs", Requests.Json(body));
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            _ledger.Faults.Enqueue($"a submission was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            return;
        }

        long id = (await response.Body()).Long("id");
        _ledger.Acknowledged[id] = name;
        if (dice.OneIn(10))
        {
            _ledger.Canceled[name] = true;
            using HttpResponseMessage canceled = await _http.PostAsync($"/v1/jobs/{id}/cancel", content: null);
            JsonElement job = await canceled.Body();
            _ledger.Saw(job);
            if (job.Text("state") == "canceled" && job.GetProperty("startedAt").ValueKind == JsonValueKind.Null)
            {
                _ledger.CancelAcknowledged[id] = true;
            }
        }
    }

    private async Task LookAsync(Dice dice, string name)
    {
        long[] ids = [.. _ledger.Acknowledged.Keys];
        if (ids.Length == 0)
        {
            await Task.Delay(Pause);
            return;
        }

        // Mostly the newest, which are about to change; sometimes any.
        Array.Sort(ids);
        long id = dice.OneIn(4) ? ids[dice.Below(ids.Length)] : ids[^(1 + dice.Below(Math.Min(ids.Length, 30)))];
        using HttpResponseMessage response = await _http.GetAsync($"/v1/jobs/{id}");
        if (response.StatusCode != HttpStatusCode.OK)
        {
            _ledger.Faults.Enqueue($"acknowledged job {id} ({_ledger.Acknowledged[id]}) is answered {(int)response.StatusCode}");
            return;
        }

        JsonElement job = await response.Body();
        _ledger.Saw(job);
        if (job.Text("name") != _ledger.Acknowledged[id])
        {
            _ledger.Faults.Enqueue($"job {id} was acknowledged as {_ledger.Acknowledged[id]} and is {job.Text("name")}");
        }
    }

    private async Task RunAsync(Dice dice, string name)
    {
        Reply reply = await _daemon.Run(_ledger.CommandOf(name, dice.Of("0", "0.02")));
        if (reply.Status != 0)
        {
            _ledger.Faults.Enqueue($"sockproc job {name} was answered {reply.Status}: {reply.Error}");
            return;
        }

        _ledger.Replied.Add(name);
    }
}
