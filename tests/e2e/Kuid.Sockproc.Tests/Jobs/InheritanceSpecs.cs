using System.Text;

namespace Kuid.Sockproc.Tests.Jobs;

// What a job gets from the daemon, and what it must not get.
public sealed class InheritanceSpecs(Doors doors)
{
    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Row_48_Two_hundred_jobs_at_once_have_the_three_streams_open_and_nothing_else(Transport transport)
    {
        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => doors[transport].Run("ls /proc/self/fd")));

        // The 3 is the folder that ls reads.
        replies.Should().OnlyContain(reply => reply.Status == 0 && reply.Text == "0\n1\n2\n3\n");
    }

    [Fact]
    public async Task Stdio_are_pipes_that_can_be_opened_by_name()
    {
        (await doors.Unix.Run("echo hi > /dev/stdout; echo ho > /dev/stderr"))
            .Should().Match<Reply>(r => r.Status == 0 && r.Text == "hi\n" && r.Error == "ho\n");
    }

    [Fact]
    public async Task Row_51_The_environment_is_the_daemon_s_own_without_what_is_about_the_daemon()
    {
        // Bytes that are no text, and variables of the runtime, of options and of a supervisor.
        const string Script =
            "exec env -i PATH=\"$PATH\" PLAIN=value EMPTY= \"RAW=$(printf 'a\\377b')\" \"LINES=$(printf 'one\\ntwo')\" "
            + "DOTNET_gcServer=0 ASPNETCORE_URLS=x KUID_GRACE=3 KUID_SOCKET=x NOTIFY_SOCKET=/nowhere WATCHDOG_PID=1 \"$@\"";
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: ["sh", "-c", Script, "sh"]);

        byte[] block = (await daemon.Run("exec cat /proc/self/environ")).Stdout;

        // The shell adds PWD. Latin-1 makes a char of each byte.
        string[] variables = Encoding.Latin1.GetString(block).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        variables.Where(v => !v.StartsWith("PWD=", StringComparison.Ordinal)).Should().BeEquivalentTo(
            "PATH=" + Environment.GetEnvironmentVariable("PATH"), "PLAIN=value", "EMPTY=", "RAW=a\u00ffb", "LINES=one\ntwo");
    }

    [Fact]
    public async Task Row_50_The_limits_on_open_files_are_those_that_the_daemon_was_started_with()
    {
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: ["prlimit", "--nofile=1024:20000"]);

        (await daemon.Run("ulimit -Sn; ulimit -Hn")).Text.Should().Be("1024\n20000\n");
    }

    [Fact]
    public async Task Row_52_Umask_and_folder_are_the_daemon_s()
    {
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: ["sh", "-c", "umask 027; exec \"$@\"", "sh"]);

        (await daemon.Run("umask; pwd; touch made; stat -c %a made")).Text.Should().Be($"0027\n{daemon.Folder.Path}\n640\n");
    }

    [Fact]
    public async Task Row_49_No_signal_is_ignored_or_blocked_in_a_job()
    {
        Reply reply = await doors.Unix.Run("exec grep -E '^Sig(Ign|Blk)' /proc/self/status");

        reply.Text.Should().Be("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    }

    [Fact]
    public async Task Row_49_A_writer_whose_reader_leaves_says_nothing()
    {
        (await doors.Unix.Run("yes | head -n 1")).Should().Match<Reply>(r => r.Text == "y\n" && r.Error.Length == 0);
    }

    [Fact]
    public async Task Row_52_A_job_leads_a_session_of_its_own()
    {
        Reply reply = await doors.Unix.Run("read -r pid name state parent group session rest < /proc/$$/stat; echo $pid $group $session");

        reply.Text.TrimEnd().Split(' ').Distinct(StringComparer.Ordinal).Should().ContainSingle();
    }
}
