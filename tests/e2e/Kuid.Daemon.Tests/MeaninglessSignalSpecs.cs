namespace Kuid.Daemon.Tests;

/// <summary>Row 6: signals that mean nothing to a daemon do not end or stop it, although most would by default.</summary>
public sealed class MeaninglessSignalSpecs
{
    [Theory]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("PIPE")]
    [InlineData("TTIN")]
    [InlineData("TTOU")]
    [InlineData("TSTP")]
    [InlineData("ALRM")]
    [InlineData("CONT")]
    [InlineData("CHLD")]
    [InlineData("WINCH")]
    [InlineData("URG")]
    [InlineData("HUP")]
    public async Task Row_6_this_signal_does_not_end_the_daemon(string signal)
    {
        await using TestDaemon daemon = await TestDaemon.Start();
        Task<Reply> running = daemon.Run("touch started; while [ ! -e go ]; do sleep 0.02; done; exit 7");
        await Eventually.Holds(() => File.Exists(daemon.Folder["started"]), "a job runs");

        for (int i = 0; i < 3; i++)
        {
            await daemon.Signal(signal);
            (await daemon.Answers(TimeSpan.FromSeconds(30))).Should().BeTrue();
        }

        await File.WriteAllTextAsync(daemon.Folder["go"], string.Empty, TestContext.Current.CancellationToken);
        (await running).Status.Should().Be(7 << 8);
        (await daemon.Stop()).Should().Be(0);
    }

    [Fact]
    public async Task Clients_that_reset_their_connections_send_no_PIPE_that_ends_it()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--log-level", "debug"], tcp: true);
        for (int i = 0; i < 20; i++)
        {
            SockprocClient client = await daemon.Connect();
            await client.Send(SockprocClient.Request($"head -c 3000000 /dev/zero; touch {i}"));
            await Eventually.Holds(() => File.Exists(daemon.Folder[$"{i}"]), "the reply is on its way");
            client.Reset();
        }

        (await daemon.Answers(TimeSpan.FromSeconds(30))).Should().BeTrue();
        daemon.Log.Should().NotContain("this is a fault of the daemon");
    }
}
