using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Kuid.Faults.Tests.Limits;

/// <summary>Row 97 at the doors of services, subservers and coprocesses: requests that never end, and clients that never begin one.</summary>
[Collection(nameof(Alone))]
public sealed class SlowlorisSpecs : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestDaemon _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await TestDaemon.Start(
        [
            "--services", _folder["services"], "--services-registry", _folder["registry"], "--coprocess-socket", _folder["coprocess"],
            "--services-line-seconds", "1", "--coprocess-message-seconds", "1", "--services-connections", "10", "--coprocess-connections", "10",
        ],
        folder: _folder);

    [Theory]
    [InlineData("coprocess", "9000:", "0", 1)]
    [InlineData("registry", "9000:", "0", 30)]
    [InlineData("services", "a", "a", 1)]
    public async Task Row_97_a_request_that_comes_a_byte_now_and_then_is_ended_at_its_deadline(string door, string beginning, string more, int seconds)
    {
        using SockprocClient slow = await SockprocClient.Connect(_folder[door]);
        long begun = Stopwatch.GetTimestamp();
        await slow.Send(beginning);

        while (!IsOver(slow.Socket))
        {
            await slow.Send(more);
            await Task.Delay(100, TestContext.Current.CancellationToken);
            Stopwatch.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromMinutes(3));
        }

        Stopwatch.GetElapsedTime(begun).Should().BeGreaterThan(TimeSpan.FromSeconds(seconds - 0.1), "until then it might still have come");
        (await _daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }

    [Theory]
    [InlineData("coprocess", "8:ENV\0A=1\0,", "2:OK,")]
    [InlineData("services", "none\n", "no service")]
    public async Task Row_97_when_a_door_is_full_of_silent_clients_one_who_speaks_has_a_place(string door, string request, string reply)
    {
        var silent = new List<SockprocClient>();
        for (int i = 0; i < 25; i++)
        {
            silent.Add(await SockprocClient.Connect(_folder[door]));
        }

        await Eventually.Holds(() => IsOver(silent[0].Socket), "the one that has been silent for longest is gone");
        using SockprocClient speaks = await SockprocClient.Connect(_folder[door]);
        await speaks.Send(request);
        var said = new StringBuilder();
        byte[] bytes = new byte[4096];
        while (!said.ToString().Contains(reply, StringComparison.Ordinal))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            int n = await speaks.Socket.ReceiveAsync(bytes, SocketFlags.None, patience.Token);
            n.Should().BePositive("after \"{0}\" more is to come", said);
            said.Append(Encoding.ASCII.GetString(bytes, 0, n));
        }

        silent.ForEach(client => client.Dispose());
    }

    public async ValueTask DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _folder.Dispose();
    }

    private static bool IsOver(Socket socket)
    {
        try
        {
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                if (socket.Receive(new byte[4096], SocketFlags.None) == 0)
                {
                    return true;
                }
            }

            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
