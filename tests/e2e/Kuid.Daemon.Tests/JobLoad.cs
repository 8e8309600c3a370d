using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>Many clients, each of which waits for its reply and then runs the next job.</summary>
internal static class JobLoad
{
    /// <summary>A job that leaves a descendant to whoever adopts orphans, and says 7.</summary>
    internal const string DoubleFork = "(setsid sleep 0.1 >/dev/null 2>&1 </dev/null &); exit 7";

    // A daemon that is held up answers never, and the test is to fail rather than to wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs jobs, every fifth of which double-forks, and fails at the first reply that is not exactly right.</summary>
    internal static Task Run(string address, int jobs, int atOnce) => Run(address, jobs, atOnce, async number =>
    {
        string word = number.ToString(CultureInfo.InvariantCulture);
        bool forks = number % 5 == 0;
        Reply reply = await SockprocClient.Run(address, forks ? DoubleFork : $"echo {word}; exit 3").WaitAsync(Patience, TestContext.Current.CancellationToken);
        return reply == new Reply(forks ? 7 << 8 : 3 << 8, reply.Stdout, reply.Stderr)
            && reply.Text == (forks ? string.Empty : word + "\n")
            && reply.Error.Length == 0;
    });

    private static async Task Run(string address, int jobs, int atOnce, Func<int, Task<bool>> isRight)
    {
        int last = 0;
        async Task Client()
        {
            int number;
            while ((number = Interlocked.Increment(ref last)) <= jobs)
            {
                (await isRight(number)).Should().BeTrue("job {0} on {1} has its own reply", number, address);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Client()));
    }

    /// <summary>As many connections at once as there are jobs, all open before the first sends.</summary>
    /// <returns>What each was answered.</returns>
    internal static async Task<IReadOnlyList<Reply>> AllAtOnce(string address, int connections, string command)
    {
        SockprocClient[] clients = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => SockprocClient.Connect(address)));
        try
        {
            return await Task.WhenAll(clients.Select(async client =>
            {
                await client.Send(SockprocClient.Request(command));
                return await client.ReadReply();
            }));
        }
        finally
        {
            Array.ForEach(clients, client => client.Dispose());
        }
    }
}
