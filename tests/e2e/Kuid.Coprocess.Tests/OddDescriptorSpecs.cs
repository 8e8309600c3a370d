using System.Diagnostics;
using System.Text.Json;

namespace Kuid.Coprocess.Tests;

/// <summary>Rows 91, 93 and 94: descriptors of every kind, clients that are killed, and clients that pass more than they may.</summary>
public sealed class OddDescriptorSpecs
{
    [Fact]
    public async Task Row_91_descriptors_of_every_odd_kind_are_the_programs_business_and_stay_as_they_were()
    {
        SkipWithoutPython();
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        (await daemon.Daemon.Run("true")).Status.Should().Be(0);
        int before = daemon.Descriptors;

        ToolRun run = await ToolRun.Of(
            "python3", [Script("odd_descriptors.py"), Repository.File("clients/python"), daemon.Socket, daemon.Daemon.Folder.Path]);

        run.ExitCode.Should().Be(0, "{0}", run.Stderr);
        foreach (JsonProperty kind in JsonDocument.Parse(run.Text).RootElement.EnumerateObject())
        {
            kind.Value.GetProperty("unchanged").GetBoolean().Should().BeTrue("the flags of {0} are the client's", kind.Name);
            kind.Value.GetProperty("ran").EnumerateArray().Should().HaveCount(3).And.OnlyContain(
                status => status.ValueKind == JsonValueKind.Number && status.GetInt32() == 0, "true runs with {0}: {1}", kind.Name, run.Text);
        }

        await Eventually.Holds(() => daemon.Descriptors <= before, "no descriptor is left");
        (await daemon.Daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }

    [Fact]
    public async Task Row_93_a_client_killed_after_passing_leaves_no_descriptor_and_no_program()
    {
        SkipWithoutPython();
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start();
        await FloodAndKill(daemon, ended: 1);
        int before = daemon.Descriptors;

        for (int n = 2; n <= 5; n++)
        {
            await FloodAndKill(daemon, ended: n);
        }

        // A connection or a reader of the history more is no leak: each of the four would leave its own.
        await Eventually.Holds(() => daemon.Descriptors <= before + 2, () => $"the daemon has {before} descriptors again, not {daemon.Descriptors}");
    }

    [Fact]
    public async Task Row_94_too_many_descriptors_under_way_are_the_senders_error_and_nobody_elses()
    {
        SkipWithoutPython();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may become another user, and root has no such limit");
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start("--coprocess-mode", "0666");
        File.SetUnixFileMode(daemon.Daemon.Folder.Path, (UnixFileMode)0b111_001_001);
        File.Copy(Script("flooding.py"), daemon.Daemon.Folder["flooding.py"]);
        File.SetUnixFileMode(daemon.Daemon.Folder["flooding.py"], (UnixFileMode)0b110_100_100);
        using Process client = Flood(
            daemon, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "prlimit", "--nofile=256:256",
            "python3", daemon.Daemon.Folder["flooding.py"], daemon.Socket);

        (await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("ETOOMANYREFS");

        using var streams = new Streams();
        using var other = new Wire(daemon.Socket);
        (await other.Ask("ARGV\0true\0", streams.All)).Should().Be("OK 0");
        (await daemon.Daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
        client.Kill();
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task FloodAndKill(CoprocessDaemon daemon, int ended)
    {
        using Process client = Flood(daemon);
        (await client.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)).Should().Be("EAGAIN", "the socket is full");
        await daemon.Job(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number && IsRunning(job), "runs");

        client.Kill();
        await client.WaitForExitAsync(TestContext.Current.CancellationToken);

        await Eventually.Holds(
            async () => (await daemon.Jobs()).Count(job => job.GetProperty("detail").GetString() == "its client hung up") == ended, "the job is canceled");
        ProcessTable.Children(daemon.Daemon.Pid).Should().BeEmpty();
    }

    private static bool IsRunning(JsonElement job) => job.GetProperty("state").GetString() == "running";

    private static Process Flood(CoprocessDaemon daemon, params string[] words)
    {
        words = words.Length > 0 ? words : ["python3", Script("flooding.py"), daemon.Socket];
        return Process.Start(new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    private static string Script(string name) => Repository.File("tests/e2e/Kuid.Coprocess.Tests/" + name);

    private static void SkipWithoutPython() => Assert.SkipUnless(ToolRun.Exists("python3"), "python3 is not installed");
}
