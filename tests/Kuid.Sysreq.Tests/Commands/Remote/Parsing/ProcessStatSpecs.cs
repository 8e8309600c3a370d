using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands.Remote.Parsing;

/// <summary>/proc/PID/stat, as kernels write it and as they do not.</summary>
public sealed class ProcessStatSpecs
{
    /// <summary>The process 1 of the README, whose fields are known.</summary>
    private const string Init =
        "1 (init) S 0 1 1 0 -1 1077960960 1582 977427700 412 4043917 398 1027 9692207 1764556 20 0 1 0 3 4337664 58 "
        + "18446744073709551615 1 1 0 0 0 0 0 1475401980 671819267 18446744073709551615 0 0 17 0 0 0 0 0 0\n";

    [Fact]
    public void The_columns_are_the_39_of_the_README_in_their_order() =>
        string.Join(", ", ProcessStat.Columns.Select(column => ":" + column.Name)).Should().Be(
            ":pid, :comm, :state, :ppid, :pgid, :sid, :tty, :tpgid, :flags, :min_flt, :cmin_flt, :maj_flt, :cmaj_flt, :utime, :stime, "
            + ":cutime, :cstime, :priority, :nice, :timeout, :it_real_value, :start_time, :vsize, :rss, :rss_rlim, :start_code, :end_code, "
            + ":start_stack, :kstk_esp, :kstk_eip, :signal, :blocked, :sigignore, :sigcatch, :wchan, :nswap, :cnswap, :exit_signal, "
            + ":cpu_last_seen_on");

    [Fact]
    public void The_process_of_the_README_has_the_values_of_the_README()
    {
        var values = Parse(Init).Entry!;

        string.Join(", ", values.Select(ValueText.Of)).Should().Be(
            "1, init, S, 0, 1, 1, 0, -1, 1077960960, 1582, 977427700, 412, 4043917, 398, 1027, 9692207, 1764556, 20, 0, 1, 0, 3, 4337664, "
            + "58, 18446744073709551615, 1, 1, 0, 0, 0, 0, 0, 1475401980, 671819267, 18446744073709551615, 0, 0, 17, 0");
        values.Zip(ProcessStat.Columns).Should().OnlyContain(pair => pair.First.Kind == pair.Second.Kind);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData(")")]
    [InlineData("x) S 0 (y")]
    [InlineData("line\nbreak")]
    [InlineData("((()))")]
    [InlineData("")]
    [InlineData("größe")]
    public void A_program_is_called_what_it_calls_itself(string comm) =>
        Parse(Init.Replace("init", comm, StringComparison.Ordinal)).Entry![1].Should().Be(new StringValue(comm));

    [Fact]
    public void A_name_that_is_no_UTF8_stays_bytes()
    {
        var text = Encoding.UTF8.GetBytes(Init);
        text[3] = 0xFF;

        ProcessStat.Parse(text).Entry![1].Should().Be(new BytesValue(new byte[] { 0xFF, (byte)'n', (byte)'i', (byte)'t' }));
    }

    [Theory]
    [InlineData("", "there is no name in parentheses: \"\"")]
    [InlineData("1 init S", "there is no name in parentheses: \"1 init S\"")]
    [InlineData("1 )init( S", "there is no name in parentheses: \"1 )init( S\"")]
    [InlineData("x (init) S", "it does not begin with a number: \"x (init) S\"")]
    [InlineData("1 (init)", "it ends before state: \"1 (init)\"")]
    [InlineData("1 (init) S 0 1", "it ends before sid: \"1 (init) S 0 1\"")]
    [InlineData("1 (init) S zero", "ppid is no number: \"1 (init) S zero\"")]
    [InlineData("1 (init) S 99999999999999999999", "ppid is no number: \"1 (init) S 99999999999999999999\"")]
    [InlineData("1 (init) S 0 0 0 0 0 -1", "flags is no number: \"1 (init) S 0 0 0 0 0 -1\"")]
    public void What_is_malformed_is_said_and_throws_nothing(string text, string problem) => Parse(text).Problem.Should().Be(problem);

    [Fact]
    public void A_long_line_is_quoted_by_its_beginning_and_without_what_confuses_a_terminal() =>
        Parse("\u001b[2J" + new string('x', 100)).Problem.Should()
            .Be("there is no name in parentheses: \"\\x1b[2J" + new string('x', 56) + "\"...");

    [Fact]
    public void No_bytes_whatever_end_in_an_exception() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => (ProcessStat.Parse(bytes).Entry is null) == (ProcessStat.Parse(bytes).Problem is not null))
            .QuickCheckThrowOnFailure();

    private static Parsed<Value[]> Parse(string text) => ProcessStat.Parse(Encoding.UTF8.GetBytes(text));
}
