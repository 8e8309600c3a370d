using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Doors.Sockproc;
using Kuid.TestKit;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>The bytes of a reply, read back by a parser that shares no code with the daemon.</summary>
public sealed class ReplyWriterSpecs
{
    [Fact]
    public void A_reply_is_read_back_as_it_was_written_whatever_the_status_and_the_streams()
    {
        Gen<(int Status, byte[] Stdout, byte[] Stderr)> replies =
            from status in Gen.OneOf(Gen.Choose(int.MinValue, int.MaxValue), Gen.Elements(0, -1, 9, 768, 32512, int.MinValue, int.MaxValue))
            from stdout in ArbMap.Default.GeneratorFor<byte[]>()
            from stderr in Gen.OneOf(ArbMap.Default.GeneratorFor<byte[]>(), Gen.Constant("\r\n0\r\nstatus:0\r\n"u8.ToArray()))
            select (status, stdout, stderr);
        Prop.ForAll(replies.ToArbitrary(), reply =>
        {
            byte[] head = new byte[ReplyWriter.MaxHead], middle = new byte[ReplyWriter.MaxMiddle];
            int headBytes = ReplyWriter.WriteHead(head, new WaitStatus(reply.Status), reply.Stdout.Length);
            int middleBytes = ReplyWriter.WriteMiddle(middle, reply.Stderr.Length);
            var read = Reply.Parse([.. head.AsSpan(0, headBytes), .. reply.Stdout, .. middle.AsSpan(0, middleBytes), .. reply.Stderr]);
            return read.Status == reply.Status && read.Stdout.SequenceEqual(reply.Stdout) && read.Stderr.SequenceEqual(reply.Stderr);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void Every_count_is_written_as_decimal_digits_and_fits()
    {
        // Doubling reaches the large ones; FsCheck's own numbers stay near its size.
        Gen<(int Status, long Count)> heads =
            from status in Gen.Choose(int.MinValue, int.MaxValue)
            from low in Gen.Choose(0, int.MaxValue)
            from shift in Gen.Choose(0, 32)
            select (status, (long)low << shift);
        Prop.ForAll(heads.ToArbitrary(), one =>
        {
            byte[] head = new byte[ReplyWriter.MaxHead], middle = new byte[ReplyWriter.MaxMiddle];
            int headBytes = ReplyWriter.WriteHead(head, new WaitStatus(one.Status), one.Count);
            int middleBytes = ReplyWriter.WriteMiddle(middle, one.Count);
            string count = one.Count.ToString(CultureInfo.InvariantCulture);
            return Wire.Text(head.AsSpan(0, headBytes)) == $"status:{one.Status.ToString(CultureInfo.InvariantCulture)}\r\n{count}\r\n"
                && Wire.Text(middle.AsSpan(0, middleBytes)) == $"{count}\r\n";
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Fact]
    public void The_longest_numbers_fill_the_promised_room_exactly()
    {
        byte[] head = new byte[ReplyWriter.MaxHead], middle = new byte[ReplyWriter.MaxMiddle];
        ReplyWriter.WriteHead(head, new WaitStatus(int.MinValue), long.MinValue).Should().Be(ReplyWriter.MaxHead);
        ReplyWriter.WriteMiddle(middle, long.MinValue).Should().Be(ReplyWriter.MaxMiddle);
        ReplyWriter.WriteHead(head, new WaitStatus(int.MaxValue), long.MaxValue).Should().BeLessThan(ReplyWriter.MaxHead);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a detail")]
    [InlineData("a d\u00e9tail of more bytes than characters \u20ac")]
    public void An_error_reply_has_status_minus_1_no_output_and_the_reason(string detail)
    {
        foreach (RejectionReason reason in Enum.GetValues<RejectionReason>())
        {
            var rejection = new Rejection(reason, detail);
            var reply = Reply.Parse(ReplyWriter.Error(rejection));
            reply.Status.Should().Be(-1);
            reply.Stdout.Should().BeEmpty();
            reply.Error.Should().Be("kuid-jobd: " + rejection.Text);
        }
    }

    [Fact]
    public void An_error_reply_is_byte_for_byte_what_the_format_says() =>
        Wire.Text(ReplyWriter.Error(new Rejection(RejectionReason.Stopping)))
            .Should().Be("status:-1\r\n0\r\n50\r\nkuid-jobd: the daemon is stopping; nothing was run");
}
