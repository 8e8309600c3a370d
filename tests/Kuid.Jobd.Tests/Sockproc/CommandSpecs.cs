using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>The first line of a request; the numbers are those of the fault catalogue.</summary>
public sealed class CommandSpecs
{
    private const int Limit = SockprocOptions.MaxCommandBytes;

    [Theory]
    [InlineData("echo hi")]
    [InlineData("a\nb\nc")]
    [InlineData("a\rb")]
    [InlineData("\n")]
    [InlineData("ends in CR\r")]
    [InlineData("\r\r\r")]
    [InlineData("\n\r\u00ff\u0001\n")]
    [InlineData("")]
    public void Row_75_a_lone_CR_or_LF_and_every_other_byte_but_NUL_belongs_to_the_command(string command)
    {
        ReadOutcome outcome = ReaderRun.Whole(command + "\r\n0\r\n");
        outcome.AtEnd.Should().Be(ReadState.Complete);
        outcome.Command.Should().Be(command);
    }

    [Fact]
    public void Row_74_each_byte_value_but_NUL_arrives_as_it_was_sent()
    {
        // LF first, so that it does not follow CR.
        string all = "\n" + string.Concat(Enumerable.Range(1, 255).Where(b => b != '\n').Select(b => (char)b));
        ReaderRun.Whole(all + "\r\n0\r\n").Command.Should().Be(all);
    }

    [Theory]
    [InlineData("")]
    [InlineData("echo PARTIAL")]
    [InlineData("echo PARTIAL\r")]
    [InlineData("\r")]
    public void Row_59_a_command_without_its_CRLF_is_refused_at_the_end_of_the_input(string request) =>
        ReaderRun.Whole(request).Should().BeEquivalentTo(
            new { BeforeEnd = ReadState.Command, AtEnd = ReadState.Rejected, Reason = RejectionReason.CommandUnterminated });

    [Theory]
    [InlineData("echo hi\n")]
    [InlineData("cat\n3\nabc")]
    [InlineData("#!/bin/sh\necho one\necho two\n")]
    public void Row_61_lines_that_end_in_LF_alone_are_no_request(string request) =>
        ReaderRun.Whole(request).Reason.Should().Be(RejectionReason.CommandUnterminated);

    [Theory]
    [InlineData(2040)]
    [InlineData(2044)]
    [InlineData(2045)]
    public void Row_62_a_command_as_long_as_the_originals_buffer_arrives_whole(int length) => ArrivesWhole(length);

    [Theory]
    [InlineData(2046)]
    [InlineData(65536)]
    [InlineData(Limit - 1)]
    [InlineData(Limit)]
    public void Row_63_a_command_beyond_the_originals_buffer_arrives_whole(int length) => ArrivesWhole(length);

    [Theory]
    [InlineData(Limit + 1)]
    [InlineData(1 << 20)]
    public void Row_64_a_command_above_the_limit_is_refused_with_the_limit(int length)
    {
        ReadOutcome outcome = ReaderRun.Whole(new string('x', length) + "\r\n0\r\n");
        outcome.Rejection.Should().Be(new Rejection(RejectionReason.CommandTooLong, "131071"));
    }

    [Fact]
    public void Row_64_one_byte_above_the_limit_is_refused_before_the_line_ends() =>
        ReaderRun.Whole(new string('x', Limit + 1)).BeforeEnd.Should().Be(ReadState.Rejected);

    [Theory]
    [InlineData("\r", ReadState.Command)]
    [InlineData("\r\n", ReadState.Count)]
    [InlineData("\n", ReadState.Rejected)]
    [InlineData("\r\r", ReadState.Rejected)]
    [InlineData("\rx", ReadState.Rejected)]
    public void A_CR_after_a_command_of_the_limits_length_can_only_be_the_lines_end(string tail, ReadState state) =>
        ReaderRun.Whole(new string('x', Limit) + tail).BeforeEnd.Should().Be(state);

    [Fact]
    public void A_CR_that_is_the_limits_last_byte_belongs_to_the_command()
    {
        string command = new string('x', Limit - 1) + "\r";
        ReaderRun.Whole(command + "\r\n0\r\n").Command.Should().Be(command);
    }

    [Theory]
    [InlineData(16 * 1024)]
    [InlineData(64 * 1024 * 1024)]
    public void Row_64_a_line_without_an_end_takes_no_more_memory_than_a_command(int piece)
    {
        byte[] endless = new byte[piece];
        endless.AsSpan().Fill((byte)'x');
        var reader = new RequestReader(Limit, long.MaxValue);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int sent = 0; sent < 64 * 1024 * 1024; sent += piece)
        {
            ReadOnlySpan<byte> input = endless;
            reader.Read(ref input);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(4 * Limit);
        reader.State.Should().Be(ReadState.Rejected);
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("echo a\0b\r\n0\r\n")]
    [InlineData("echo a\r\0\n0\r\n")]
    [InlineData("\0echo a\r\n0\r\n")]
    [InlineData("echo a\0\r\n0\r\n")]
    public void Row_73_a_NUL_in_the_command_is_refused_at_once(string request)
    {
        ReadOutcome outcome = ReaderRun.Whole(request);
        outcome.BeforeEnd.Should().Be(ReadState.Rejected);
        outcome.Reason.Should().Be(RejectionReason.CommandHasNul);
    }

    [Fact]
    public void Row_77_a_TLS_greeting_is_refused() =>
        ReaderRun.Whole("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003 random").Reason.Should().Be(RejectionReason.CommandHasNul);

    [Fact]
    public void A_refused_request_gives_no_count_and_no_surplus_whatever_follows()
    {
        ReadOutcome outcome = ReaderRun.Cut(Wire.Bytes("a\0b\r\n3\r\nabc"), [3, 5, 7], ReadLimits.Default);
        outcome.Should().BeEquivalentTo(new { AtEnd = ReadState.Rejected, StdinBytes = 0L, Surplus = (string?)null, Command = string.Empty });
    }

    private static void ArrivesWhole(int length)
    {
        string command = "e" + new string('x', length - 2) + "z";
        ReaderRun.Whole(command + "\r\n0\r\n").Command.Should().Be(command);
    }
}
