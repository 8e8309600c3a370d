using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>Row 96: more clients than open files. Each is served or told so, and then everything is as before.</summary>
[Collection(nameof(Load))]
public sealed class DescriptorExhaustionSpecs
{
    private static readonly string[] FewFiles = ["prlimit", "--nofile=256:256"];

    // The HTTP door's own files would leave the door that is tested here with almost nothing.
    private static readonly string[] NoHttp = ["--http-socket", "off"];

    [Theory]
    [InlineData(false, "echo ok")]
    [InlineData(false, "sleep 0.2; echo ok")]
    [InlineData(true, "echo ok")]
    public async Task Row_96_a_thousand_clients_at_256_open_files_are_served_or_refused_politely(bool tcp, string command)
    {
        await using TestDaemon daemon = await TestDaemon.Start(NoHttp, tcp: tcp, wrapper: FewFiles);

        // Far fewer than there are places, for those who have been answered still hold theirs while they say farewell.
        await JobLoad.Run(daemon.Address, jobs: 100, atOnce: 4);
        int before = ProcessTable.Descriptors(daemon.Pid);

        IReadOnlyList<Reply> replies = await JobLoad.AllAtOnce(daemon.Address, 1000, command);

        replies.Should().HaveCount(1000).And.OnlyContain(reply => IsRight(reply) || IsPoliteRefusal(reply));
        replies.Where(IsRight).Should().NotBeEmpty();
        replies.Where(IsPoliteRefusal).Should().NotBeEmpty("otherwise there was no shortage");
        daemon.Log.Should().NotContain("EMFILE", "jobs wait until there is room for their pipes");
        await QuietSecond.Of(daemon.Pid);
        await Eventually.Holds(() => ProcessTable.Descriptors(daemon.Pid) <= before + 10, "the descriptors are back");
        (await daemon.Answers(TimeSpan.FromSeconds(10))).Should().BeTrue();
        daemon.Log.Should().NotContain("this is a fault of the daemon");
    }

    [Fact]
    public async Task Row_96_clients_that_say_nothing_do_not_make_the_accept_loop_spin()
    {
        await using TestDaemon daemon = await TestDaemon.Start([.. NoHttp, "--sockproc-header-seconds", "600"], wrapper: FewFiles);
        SockprocClient[] silent = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => daemon.Connect()));
        await Eventually.Holds(
            async () => IsRight(await SockprocClient.Run(daemon.Address, "echo ok")), "those who say nothing keep nobody out");

        await QuietSecond.Of(daemon.Pid);

        Array.ForEach(silent, client => client.Dispose());
        await Eventually.Holds(() => daemon.Answers(TimeSpan.FromSeconds(10)), "it answers when they have gone");
    }

    [Fact]
    public async Task Row_96_when_accept_itself_finds_no_descriptor_the_client_is_told_and_the_loop_does_not_spin()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-header-seconds", "600"]);
        await JobLoad.Run(daemon.Address, jobs: 100, atOnce: 10);

        await QuietSecond.Of(daemon.Pid);

        // Lower than the daemon reckoned with when it started, so its limit on connections does not help it.
        await LimitOpenFiles(daemon, ProcessTable.Descriptors(daemon.Pid) + 5);
        SockprocClient[] silent = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => daemon.Connect()));
        Task<Reply>[] replies = [.. silent.Select(client => client.ReadReply(TimeSpan.FromMinutes(5)))];

        await Eventually.Holds(() => replies.Count(reply => reply.IsCompleted) >= 20, "most of them have an answer");
        foreach (Task<Reply> reply in replies.Where(reply => reply.IsCompleted))
        {
            IsPoliteRefusal(await reply).Should().BeTrue();
        }

        await QuietSecond.Of(daemon.Pid);
        await LimitOpenFiles(daemon, 1000);
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
        Array.ForEach(silent, client => client.Dispose());
    }

    [Fact]
    public async Task The_limit_on_connections_is_an_option_and_the_place_of_one_who_leaves_is_free()
    {
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-connections", "3"]);
        SockprocClient[] busy = [await daemon.Connect(), await daemon.Connect(), await daemon.Connect()];
        await Task.WhenAll(busy.Select(client => client.Send(SockprocClient.Request("until [ -e over ]; do sleep 0.1; done"))));
        await Eventually.Holds(() => ProcessTable.Children(daemon.Pid).Count == 3, "they have said what they want, and give their places to nobody");
        IsPoliteRefusal(await daemon.Run("touch ran; echo ok")).Should().BeTrue();

        IReadOnlyList<Reply> replies = await JobLoad.AllAtOnce(daemon.Address, 100, "touch ran");
        replies.Should().OnlyContain(reply => IsPoliteRefusal(reply));
        File.Exists(daemon.Folder["ran"]).Should().BeFalse();

        await File.WriteAllTextAsync(daemon.Folder["over"], "", TestContext.Current.CancellationToken);
        await Eventually.Holds(() => daemon.Answers(TimeSpan.FromSeconds(10)), "there is a place again");
        Array.ForEach(busy, client => client.Dispose());
        await Eventually.Holds(() => daemon.Log.Contains("TooManyConnections", StringComparison.Ordinal), "the refusals are logged");
        daemon.Log.Should().Contain("at most 3 connections at once");
    }

    private static Task<ToolRun> LimitOpenFiles(TestDaemon daemon, int soft) => ToolRun.Of(
        "prlimit", ["--pid", daemon.Pid.ToString(CultureInfo.InvariantCulture), $"--nofile={soft}:"]);

    private static bool IsRight(Reply reply) => reply.Status == 0 && reply.Text == "ok\n" && reply.Error.Length == 0;

    private static bool IsPoliteRefusal(Reply reply) =>
        reply.Status == -1 && reply.Error == "kuid-jobd: there are too many connections, try again later; nothing was run";
}
