namespace Kuid.Http.Tests;

/// <summary>Users whom the configuration names: each door lets them do what the list says, whatever the permissions of its socket.</summary>
public sealed class AllowSpecs
{
    private const string Other = "65534";

    [Fact]
    public async Task Row_102_Another_user_does_what_the_list_says_and_no_more_at_any_door()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can be another user");
        using var sockets = new TempFolder();
        File.SetUnixFileMode(sockets.Path, (UnixFileMode)0b111_101_101);
        await using HttpDaemon daemon = await HttpDaemon.Start(
            ["--http-socket", sockets["h"], "--http-socket-mode", "0666", "--socket-mode", "0666", "--coprocess-socket", sockets["c"], "--coprocess-mode", "0666", "--allow", $"uid:{Other}=read"]);
        File.SetUnixFileMode(daemon.Daemon.Folder.Path, (UnixFileMode)0b111_101_101);

        (await AsOther("curl", "-sS", "--unix-socket", sockets["h"], "http://localhost/v1/jobs")).Text.Should().StartWith("{\"items\":");
        (await AsOther("curl", "-sS", "--unix-socket", sockets["h"], "-H", "Content-Type: application/json", "-d", Requests.Shell("true"), "http://localhost/v1/exec"))
            .Text.Should().Contain("\"forbidden\"").And.Contain("uid:65534");

        // These only listen: a refusal comes unasked and closes, and socat gives up unread what it could not write to.
        (await AsOther("socat", "-u", "UNIX-CONNECT:" + daemon.Daemon.Address, "-")).Text.Should().Contain("65534");
        (await AsOther("socat", "-u", "UNIX-CONNECT:" + sockets["c"], "-")).Text.Should().Contain("nothing was done");
        string audit = string.Empty;
        await Eventually.Holds(
            async () => (audit = await File.ReadAllTextAsync(daemon.Daemon.Folder["data/audit.log"])).Split('\n').Count(line => line.Contains("\"allowed\":false", StringComparison.Ordinal)) >= 3,
            "the refusals are noted");
        audit.Should().Contain("\"allowed\":false,\"door\":\"sockproc\",\"principal\":\"uid:65534\"").And.Contain("\"allowed\":false,\"door\":\"coprocess\",\"principal\":\"uid:65534\"")
            .And.Contain("\"allowed\":true,\"door\":\"http\",\"principal\":\"uid:65534\",\"operation\":\"listJobs\"");
    }

    private static Task<ToolRun> AsOther(params string[] words) => ToolRun.Of(
        "setpriv", [$"--reuid={Other}", $"--regid={Other}", "--clear-groups", .. words]);
}
