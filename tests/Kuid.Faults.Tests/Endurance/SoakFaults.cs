using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Kuid.Faults.Tests.Load;
using Kuid.Jobd.Core.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Kuid.Faults.Tests.Endurance;

/// <summary>The faults of a soak, each of which is over when its method has returned. Some of them let the daemon refuse, others nothing.</summary>
/// <param name="isSmallDisk">Whether the data folder is a small file system of its own.</param>
internal sealed class SoakFaults(LoadedDaemon daemon, LoadLedger ledger, bool isSmallDisk)
{
    private const int FloodOfJobs = 400;
    private const int FloodOfConnections = 1500;
    private const int Crowd = 20;

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    // A client that begins and never goes on.
    private const string Client = """
        import socket, sys, time
        s = socket.socket(socket.AF_UNIX)
        s.connect(sys.argv[1])
        s.sendall(sys.argv[2].encode().decode("unicode_escape").encode("latin-1"))
        print("sent", flush=True)
        time.sleep(1000)
        """;

    /// <summary>All that can be done here, by name.</summary>
    internal IReadOnlyList<(string Name, Func<Dice, Task> Inject)> All =>
    [
        ("clients are killed", KillClients),
        ("clients are slow", BeSlow),
        .. isSmallDisk ? [("the disk is full", FillDisk)] : Array.Empty<(string, Func<Dice, Task>)>(),
        ("the history is locked", LockHistory),
        ("the daemon is stopped for a second", StopDaemon),
        ("there are no descriptors left", TakeDescriptors),
        .. CanLimitProcesses ? [("there is no room for processes", RefuseProcesses)] : Array.Empty<(string, Func<Dice, Task>)>(),
        ("a flood of jobs", Flood),
        ("requests are corrupted", Corrupt),
        ("the configuration is read again", Reload),
    ];

    private static bool CanLimitProcesses => Environment.IsPrivilegedProcess && Directory.Exists("/sys/fs/cgroup/pids");

    private async Task KillClients(Dice dice)
    {
        string exec = "POST /v1/exec HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: 23\\r\\n\\r\\n{\"command\":\"sleep 0.5\"}";
        foreach ((string socket, string bytes) in new[]
        {
            (daemon.Daemon.Address, "sleep 0.5; echo x\\r\\n0\\r\\n"), (daemon.Daemon.Address, "cat\\r\\n1000\\r\\nabc"), (daemon.HttpSocket, exec), (daemon.HttpSocket, exec[..60]),
            (daemon.CoprocessSocket, "12:EVAL"),
        })
        {
            using Process client = Process.Start(new ProcessStartInfo("python3", ["-c", Client, socket, bytes]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            await client.StandardOutput.ReadLineAsync();
            client.Kill();
            await client.WaitForExitAsync();
        }
    }

    private async Task BeSlow(Dice dice)
    {
        SockprocClient[] clients = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => SockprocClient.Connect(i % 2 == 0 ? daemon.Port : daemon.Daemon.Address)));
        byte[] request = SockprocClient.Request("head -c 1000000 /dev/zero");
        for (int i = 0; i < request.Length; i++)
        {
            foreach (SockprocClient client in clients)
            {
                await client.Send(request.AsMemory(i, 1));
            }

            await Task.Delay(20);
        }

        // Some take a little of the reply, none takes it all.
        byte[] some = new byte[1000];
        for (int i = 0; i < Crowd; i++)
        {
            if (i % 3 == 0)
            {
                await clients[i].Socket.ReceiveAsync(some);
            }

            if (i % 3 == 1)
            {
                clients[i].Reset();
            }

            clients[i].Dispose();
        }
    }

    private async Task FillDisk(Dice dice)
    {
        using IDisposable trouble = ledger.Trouble();
        string fill = Path.Combine(daemon.Data, "fill");
        using (FileStream file = File.Create(fill))
        {
            byte[] zeros = new byte[64 * 1024];
            try
            {
                while (true)
                {
                    file.Write(zeros);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // It is full.
            }
        }

        await Task.Delay(Moment);
        File.Delete(fill);
        await IsWell();
    }

    private async Task LockHistory(Dice dice)
    {
        using IDisposable trouble = ledger.Trouble();
        _ = SqliteLibrary.Description;
        using (var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = Path.Combine(daemon.Data, "history.db"), Pooling = false, DefaultTimeout = 30 }.ConnectionString))
        {
            connection.Open();
            using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
            await Task.Delay(Moment * 2);
            transaction.Rollback();
        }

        await IsWell();
    }

    private async Task StopDaemon(Dice dice)
    {
        await daemon.Daemon.Signal("STOP");
        await Task.Delay(Moment);
        await daemon.Daemon.Signal("CONT");
    }

    private async Task TakeDescriptors(Dice dice)
    {
        using IDisposable trouble = ledger.Trouble();
        var taken = new List<Socket>();
        string[] paths = [daemon.Daemon.Address, daemon.HttpSocket, daemon.CoprocessSocket];
        for (int i = 0; i < FloodOfConnections; i++)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            taken.Add(socket);
            try
            {
                socket.Connect(new UnixDomainSocketEndPoint(paths[i % paths.Length]));
            }
            catch (SocketException)
            {
                // The backlog is full for now.
                await Task.Delay(1);
            }
        }

        await Task.Delay(Moment);
        taken.ForEach(socket => socket.Dispose());
        await IsWell();
    }

    private async Task RefuseProcesses(Dice dice)
    {
        using IDisposable trouble = ledger.Trouble();
        using (SpawnerThreads? threads = SpawnerThreads.TryTake(daemon.Daemon.Pid))
        {
            threads?.Limit(0);
            await Task.Delay(Moment);
            threads?.Limit(null);
        }

        await IsWell();
    }

    private async Task Flood(Dice dice)
    {
        using IDisposable trouble = ledger.Trouble();
        await Parallel.ForEachAsync(Enumerable.Range(0, FloodOfJobs), new ParallelOptions { MaxDegreeOfParallelism = Crowd }, async (_, _) =>
        {
            using HttpResponseMessage response = await daemon.Http.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")), CancellationToken.None);
            switch (response.StatusCode)
            {
                case HttpStatusCode.Accepted:
                    ledger.Accepted[(await response.Body()).Long("id")] = true;
                    break;
                case HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable when response.Headers.RetryAfter is not null:
                    break;
                default:
                    ledger.Faults.Enqueue($"a flood of jobs is answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
                    break;
            }
        });
        await IsWell();
    }

    private async Task Corrupt(Dice dice)
    {
        foreach (string address in new[] { daemon.Daemon.Address, daemon.Port, daemon.HttpSocket, daemon.CoprocessSocket })
        {
            for (int i = 0; i < 10; i++)
            {
                using SockprocClient client = await SockprocClient.Connect(address);
                byte[] garbage = RandomNumberGenerator.GetBytes(1 + dice.Below(3000));
                if (dice.OneIn(2))
                {
                    // Almost right is worse than wrong.
                    SockprocClient.Request("touch /tmp/never", new byte[100]).AsSpan().CopyTo(garbage.Length > 200 ? garbage : garbage = new byte[200]);
                    garbage[dice.Below(24)] ^= (byte)(1 << dice.Below(8));
                    garbage = garbage[..dice.Below(60)];
                }

                await client.Send(garbage);
                client.HalfClose();
                try
                {
                    await client.ReadToEnd();
                }
                catch (SocketException)
                {
                    // What is no request at all may be reset.
                }
            }
        }
    }

    private async Task Reload(Dice dice)
    {
        for (int i = 0; i < 3; i++)
        {
            await daemon.Daemon.Signal("HUP");
        }
    }

    // The fault is over when both doors take work again, without a restart.
    private async Task IsWell()
    {
        await Eventually.Holds(
            async () =>
            {
                try
                {
                    using HttpResponseMessage response = await daemon.Http.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")));
                    return response.StatusCode == HttpStatusCode.Accepted && await daemon.Daemon.Answers(TimeSpan.FromSeconds(20))
                        && (await SockprocClient.Run(daemon.Port, "true")).Status == 0;
                }
                catch (Exception e) when (e is HttpRequestException or SocketException)
                {
                    return false;
                }
            },
            "jobs are taken again after the fault");
    }
}
