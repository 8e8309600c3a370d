namespace Kuid.Sockproc.Tests.Jobs;

// The status is what waitpid gives: the code times 256, or the signal, plus 128 with a core dump.
public sealed class WaitStatusSpecs(Doors doors)
{
    private static readonly string[] WithCore = ["QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "SEGV", "XCPU", "XFSZ", "SYS"];

    public static TheoryData<int, string> Signals => new()
    {
        { 1, "HUP" }, { 2, "INT" }, { 3, "QUIT" }, { 4, "ILL" }, { 5, "TRAP" }, { 6, "ABRT" }, { 7, "BUS" }, { 8, "FPE" }, { 9, "KILL" },
        { 10, "USR1" }, { 11, "SEGV" }, { 12, "USR2" }, { 13, "PIPE" }, { 14, "ALRM" }, { 15, "TERM" }, { 24, "XCPU" },
        { 25, "XFSZ" }, { 26, "VTALRM" }, { 27, "PROF" }, { 29, "IO" }, { 31, "SYS" },
    };

    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Row_44_Every_exit_code_arrives(Transport transport)
    {
        Reply[] replies = await Task.WhenAll(Enumerable.Range(0, 256).Select(code => doors[transport].Run($"exit {code}")));

        replies.Select(reply => reply.Status).Should().Equal(Enumerable.Range(0, 256).Select(code => code << 8));
    }

    [Theory]
    [MemberData(nameof(Signals))]
    public async Task Row_44_Every_signal_that_ends_a_process_arrives(int number, string signal)
    {
        (await doors.Unix.Run($"ulimit -c 0; kill -{signal} $$")).Status.Should().Be(number);
    }

    [Fact]
    public async Task Row_44_A_core_dump_is_flagged()
    {
        string[] wrapper = ["prlimit", "--core=1000000000"];
        Assert.SkipUnless(
            (await ToolRun.Of(wrapper[0], [wrapper[1], "true"])).ExitCode == 0, "the hard limit on core files allows none");
        await using TestDaemon daemon = await TestDaemon.Start(wrapper: wrapper);

        foreach (string signal in WithCore)
        {
            int number = Signals.Single(row => row.Data.Item2 == signal).Data.Item1;
            (await daemon.Run($"kill -{signal} $$")).Status.Should().Be(number | 0x80, signal);
        }

        (await daemon.Run("kill -TERM $$")).Status.Should().Be(15, "TERM dumps no core");
    }

    [Fact]
    public async Task A_command_that_cannot_be_found_or_executed_gets_the_shell_s_code()
    {
        (await doors.Unix.Run("foobar")).Should().Match<Reply>(r => r.Status == 127 << 8 && r.Error.EndsWith("foobar: not found\n"));
        (await doors.Unix.Run("/etc/passwd")).Status.Should().Be(126 << 8);
        (await doors.Unix.Run("/no/such/file")).Status.Should().Be(127 << 8);
    }
}
