using System.Text;
using Kuid.Jobd.Core.Fanos;

namespace Kuid.Jobd.Core.Tests.Fanos;

public sealed class NetstringReaderSpecs
{
    private const int MaxBytes = 1000;

    public static TheoryData<string> Payloads { get; } = ["", "x", "EVAL echo hi", ",", "3:abc,", new string('y', 9), new string('z', 10), new string('a', MaxBytes)];

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Row_89_a_message_cut_at_every_position_is_read_as_it_was_written(string payload)
    {
        byte[] bytes = Encoding.ASCII.GetBytes($"{payload.Length}:{payload},");
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new NetstringReader(MaxBytes);
            ReadOnlyMemory<byte>? first = Feed(reader, bytes.AsSpan(0, cut));
            ReadOnlyMemory<byte>? second = Feed(reader, bytes.AsSpan(cut));

            string got = Encoding.ASCII.GetString((first ?? second)!.Value.Span);
            got.Should().Be(payload);
            (first is null).Should().Be(cut < bytes.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Payloads))]
    public void Row_87_it_never_wants_a_byte_of_the_next_message(string payload)
    {
        byte[] one = Encoding.ASCII.GetBytes($"{payload.Length}:{payload},");
        foreach (int atOnce in new[] { 1, 2, 3, 7, int.MaxValue })
        {
            var reader = new NetstringReader(MaxBytes);
            int at = 0;
            ReadOnlyMemory<byte>? whole = null;
            while (whole is null)
            {
                int n = Math.Min(reader.Wanted, atOnce);
                (at + reader.Wanted).Should().BeLessThanOrEqualTo(one.Length);
                whole = reader.Read(one.AsSpan(at, n));
                at += n;
            }

            at.Should().Be(one.Length);
            reader.IsInMessage.Should().BeFalse();
        }
    }

    [Fact]
    public void A_message_of_a_thousand_bytes_takes_four_reads()
    {
        byte[] bytes = Encoding.ASCII.GetBytes($"1000:{new string('a', 1000)},");
        var reader = new NetstringReader(MaxBytes);
        int reads = 0;
        for (int at = 0; at < bytes.Length; reads++)
        {
            int n = reader.Wanted;
            reader.Read(bytes.AsSpan(at, n));
            at += n;
        }

        reads.Should().BeLessThanOrEqualTo(4);
    }

    [Theory]
    [InlineData("x", "not with the byte 0x78")]
    [InlineData(":,", "not with the byte 0x3a")]
    [InlineData("-1:", "not with the byte 0x2d")]
    [InlineData(" 1:x,", "not with the byte 0x20")]
    [InlineData("1x", "not with the byte 0x78")]
    [InlineData("01:x,", "no zeros in front")]
    [InlineData("1:x;", "not with the byte 0x3b")]
    [InlineData("0:x", "not with the byte 0x78")]
    [InlineData("1001:", "at most 1000 bytes, this one has 1001 or more")]
    [InlineData("99999999999999999999", "at most 1000 bytes")]
    public void Row_88_what_is_no_netstring_is_refused_with_the_reason(string text, string reason)
    {
        Action read = () => Feed(new NetstringReader(MaxBytes), Encoding.ASCII.GetBytes(text));

        read.Should().Throw<FanosException>().WithMessage($"*{reason}*");
    }

    private static ReadOnlyMemory<byte>? Feed(NetstringReader reader, ReadOnlySpan<byte> bytes)
    {
        ReadOnlyMemory<byte>? whole = null;
        while (!bytes.IsEmpty)
        {
            int n = Math.Min(reader.Wanted, bytes.Length);
            whole = reader.Read(bytes[..n]);
            bytes = bytes[n..];
        }

        return whole;
    }
}
