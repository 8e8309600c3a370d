using Kuid.Sockproc.Tests.Jobs;

namespace Kuid.Sockproc.Tests.Connections;

// What becomes of the job of a client that hangs up.
public sealed class HangUpSpecs
{
    private const string Job = "echo $$ > pid; until [ -e go ]; do sleep 0.05; done; touch done\r\n0\r\n";

    private static readonly string[] Kill = ["--sockproc-disconnect", "kill"];

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Row_79_a_job_runs_on_without_its_client(bool tcp, bool reset)
    {
        await using TestDaemon daemon = await TestDaemon.Start(tcp: tcp);
        int pid = await StartAndHangUp(daemon, reset);

        // A daemon that ended it would have had the time of a whole other job to do so.
        (await daemon.Run("true")).Status.Should().Be(0);
        ProcessTable.IsAlive(pid).Should().BeTrue();
        await File.WriteAllTextAsync(daemon.Folder["go"], string.Empty, TestContext.Current.CancellationToken);
        await Eventually.Holds(() => File.Exists(daemon.Folder["done"]), "the job has come to its end");
        await Eventually.Holds(() => ProcessTable.Children(daemon.Pid).Count == 0, "it is reaped");
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Row_79_with_disconnect_kill_the_job_goes_with_its_client(bool tcp, bool reset)
    {
        await using TestDaemon daemon = await TestDaemon.Start(Kill, tcp);
        int pid = await StartAndHangUp(daemon, reset);

        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "the job is ended");
        await Eventually.Holds(() => ProcessTable.Children(daemon.Pid).Count == 0, "it is reaped");
        File.Exists(daemon.Folder["done"]).Should().BeFalse();
        await Eventually.Holds(() => daemon.Log.Contains("hung up, the job is ended", StringComparison.Ordinal), "it is logged");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_79_a_half_close_is_no_hang_up(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(Kill, tcp);
        using SockprocClient client = await daemon.Connect();
        await client.Send(Job);
        client.HalfClose();
        int pid = await PidFile.Read(daemon, "pid");

        (await daemon.Run("true")).Status.Should().Be(0);
        ProcessTable.IsAlive(pid).Should().BeTrue();
        await File.WriteAllTextAsync(daemon.Folder["go"], string.Empty, TestContext.Current.CancellationToken);

        (await client.ReadReply()).Status.Should().Be(0);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Row_79_a_client_that_leaves_within_stdin_takes_its_job_along(bool tcp, bool reset)
    {
        await using TestDaemon daemon = await TestDaemon.Start(tcp: tcp);
        int pid = await StartAndHangUp(daemon, reset, "echo $$ > pid; cat > /dev/null; sleep 300; touch done\r\n1000\r\nabc");

        await Eventually.Holds(() => !ProcessTable.IsAlive(pid), "the job is ended");
        File.Exists(daemon.Folder["done"]).Should().BeFalse();
    }

    private static async Task<int> StartAndHangUp(TestDaemon daemon, bool reset, string request = Job)
    {
        using SockprocClient client = await daemon.Connect();
        await client.Send(request);
        int pid = await PidFile.Read(daemon, "pid");
        if (reset)
        {
            client.Reset();
        }

        return pid;
    }
}
