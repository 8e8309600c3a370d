namespace Kuid.Daemon.Tests;

/// <summary>Rows 95 and 97: those who connect and say nothing may be many, but the places are for those who speak.</summary>
[Collection(nameof(Load))]
public sealed class NewcomerSpecs
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_97_when_the_door_is_full_of_silent_clients_the_one_silent_for_longest_gives_its_place_to_one_who_speaks(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-connections", "20", "--sockproc-header-seconds", "600"], tcp);
        SockprocClient[] silent = new SockprocClient[30];
        for (int i = 0; i < silent.Length; i++)
        {
            silent[i] = await daemon.Connect();
        }

        for (int i = 0; i < 10; i++)
        {
            (await daemon.Run("echo ok")).Text.Should().Be("ok\n");
        }

        Reply first = await silent[0].ReadReply();
        (first.Status, first.Error).Should().Be((-1, "kuid-jobd: there are too many connections, try again later; nothing was run"));
        await silent[^1].Send(SockprocClient.Request("echo late"));
        (await silent[^1].ReadReply()).Text.Should().Be("late\n", "the last is the last to be dropped");
        daemon.Log.Should().Contain("connections that had said nothing were closed to make room for others");
        Array.ForEach(silent, client => client.Dispose());
    }

    [Fact]
    public async Task Row_97_whoever_has_begun_a_job_is_never_dropped_for_others()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-connections", "4", "--sockproc-header-seconds", "600"]);
        using SockprocClient busy = await daemon.Connect();
        await busy.Send(SockprocClient.Request("touch begun; until [ -e over ]; do sleep 0.1; done; echo done"));
        await Eventually.Holds(() => File.Exists(daemon.Folder["begun"]), "the job runs");

        // No more than may be open beyond the limit while they are being dropped: others would be refused until those are gone.
        SockprocClient[] silent = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => daemon.Connect()));
        (await daemon.Run("echo ok")).Text.Should().Be("ok\n");
        await File.WriteAllTextAsync(daemon.Folder["over"], "", TestContext.Current.CancellationToken);

        (await busy.ReadReply()).Text.Should().Be("done\n");
        Array.ForEach(silent, client => client.Dispose());
    }

    [Fact]
    public async Task Row_96_more_jobs_than_there_are_open_files_for_are_held_back_and_all_of_them_run()
    {
        // Of 400 files so many are the daemon's and the connections' that no more than some twenty jobs find room at a time.
        await using TestDaemon daemon = await TestDaemon.Start(["--http-socket", "off", "--log-level", "debug"], wrapper: ["prlimit", "--nofile=400:400"]);

        IReadOnlyList<Reply> replies = await JobLoad.AllAtOnce(daemon.Address, 100, "sleep 0.3; echo ok");

        replies.Should().OnlyContain(reply => reply.Text == "ok\n" && reply.Error.Length == 0);
    }
}
