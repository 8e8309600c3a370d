using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>The second line of a request and what follows it; the numbers are those of the fault catalogue.</summary>
public sealed class CountSpecs
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("00", 0)]
    [InlineData("3", 3)]
    [InlineData("03", 3)]
    [InlineData("1099511627776", 1L << 40)]
    [InlineData("00000000000000000000000000000003", 3)]
    public void A_count_of_up_to_32_digits_is_read_leading_zeros_and_all(string digits, long count) =>
        ReaderRun.Whole($"cat\r\n{digits}\r\n").Should().BeEquivalentTo(new { AtEnd = ReadState.Complete, StdinBytes = count });

    [Fact]
    public void Row_65_a_negative_count_is_refused_and_quoted() =>
        ReaderRun.Whole("cat\r\n-5\r\nabc").Rejection.Should().Be(new Rejection(RejectionReason.CountMalformed, "-5"));

    [Theory]
    [InlineData("abc")]
    [InlineData("0x3")]
    [InlineData("1e3")]
    [InlineData("1,000")]
    public void Row_66_a_count_that_is_no_number_is_refused_and_quoted(string count) =>
        ReaderRun.Whole($"cat\r\n{count}\r\nabc").Rejection.Should().Be(new Rejection(RejectionReason.CountMalformed, count));

    [Theory]
    [InlineData("+3")]
    [InlineData(" 3")]
    [InlineData("3 ")]
    [InlineData("3x")]
    [InlineData("3.0")]
    public void Row_68_a_count_with_anything_beside_its_digits_is_refused_and_quoted(string count) =>
        ReaderRun.Whole($"cat\r\n{count}\r\nabc").Rejection.Should().Be(new Rejection(RejectionReason.CountMalformed, count));

    [Fact]
    public void Row_66_an_empty_count_is_refused() =>
        ReaderRun.Whole("cat\r\n\r\n").Rejection.Should().Be(new Rejection(RejectionReason.CountMalformed));

    [Theory]
    [InlineData("3\n")]
    [InlineData("\r3")]
    [InlineData("3\0")]
    [InlineData("\u00ff\u001b[2J")]
    [InlineData("\"\\")]
    public void What_is_quoted_of_a_count_is_printable(string count)
    {
        ReadOutcome outcome = ReaderRun.Whole($"cat\r\n{count}\r\n");
        outcome.Reason.Should().Be(RejectionReason.CountMalformed);
        outcome.Rejection.Detail.Should().HaveLength(count.Length).And.MatchRegex(@"\A[ -~]+\z").And.NotContainAny("\"", "\\");
    }

    [Theory]
    [InlineData("1099511627777")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("9999999999999999999")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("10000000000000000000000")]
    [InlineData("99999999999999999999999999999999")]
    public void Row_67_a_count_above_the_limit_is_refused_with_the_limit(string count) =>
        ReaderRun.Whole($"cat\r\n{count}\r\n").Rejection.Should().Be(new Rejection(RejectionReason.CountTooLarge, "1099511627776"));

    [Theory]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("18446744073709551617", false)]
    [InlineData("36893488147419103233", false)]
    public void Row_67_a_count_never_wraps_around(string count, bool taken) =>
        (ReaderRun.Whole($"cat\r\n{count}\r\n", new ReadLimits(9, long.MaxValue)).AtEnd == ReadState.Complete).Should().Be(taken);

    [Theory]
    [InlineData("50", true)]
    [InlineData("51", false)]
    public void The_limit_itself_is_allowed(string count, bool taken) =>
        (ReaderRun.Whole($"cat\r\n{count}\r\n", ReadLimits.Small).AtEnd == ReadState.Complete).Should().Be(taken);

    [Theory]
    [InlineData("000000000000000000000000000000003\r\n")]
    [InlineData("0000000000000000000000000000000000")]
    [InlineData("GET / and so on, a line of any text without end")]
    public void A_count_of_more_than_32_bytes_is_refused_without_waiting_for_its_end(string count)
    {
        ReadOutcome outcome = ReaderRun.Whole("cat\r\n" + count);
        outcome.BeforeEnd.Should().Be(ReadState.Rejected);
        outcome.Reason.Should().Be(RejectionReason.CountMalformed);
        outcome.Rejection.Detail.Should().EndWith("...").And.HaveLength(34 + 3);
    }

    [Theory]
    [InlineData("cat\r\n")]
    [InlineData("cat\r\n3")]
    [InlineData("cat\r\n3\r")]
    [InlineData("cat\r\n3\n")]
    public void Row_60_a_command_without_a_count_line_is_refused_at_the_end_of_the_input(string request) =>
        ReaderRun.Whole(request).Should().BeEquivalentTo(
            new { BeforeEnd = ReadState.Count, AtEnd = ReadState.Rejected, Reason = RejectionReason.CountMissing });

    [Theory]
    [InlineData("99999999999999999999999999999999")]
    [InlineData("10000000000")]
    public void Row_69_nothing_is_allocated_by_the_count(string count)
    {
        byte[] request = Wire.Bytes($"cat\r\n{count}\r\n");
        long before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new RequestReader(SockprocOptions.MaxCommandBytes, 1L << 40);
        ReadOnlySpan<byte> input = request;
        reader.Read(ref input);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4096);
    }

    [Theory]
    [InlineData("cat\r\n3\r\nabcdef", "abcdef")]
    [InlineData("cat\r\n10\r\nabc", "abc")]
    [InlineData("cat\r\n0\r\n", "")]
    [InlineData("cat\r\n3\r\n\0\r\n", "\0\r\n")]
    [InlineData("echo a\r\n0\r\necho b\r\n0\r\n", "echo b\r\n0\r\n")]
    public void Row_78_everything_after_the_header_is_left_for_the_job_unread(string request, string left)
    {
        ReadOnlySpan<byte> input = Wire.Bytes(request);
        var reader = new RequestReader(SockprocOptions.MaxCommandBytes, 1L << 40);
        reader.Read(ref input).Should().Be(ReadState.Complete);
        Wire.Text(input).Should().Be(left);
        reader.Read(ref input).Should().Be(ReadState.Complete);
        Wire.Text(input).Should().Be(left);
        reader.End().Should().Be(ReadState.Complete);
    }
}
