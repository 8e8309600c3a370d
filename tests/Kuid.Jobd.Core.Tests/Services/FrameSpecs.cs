using System.Text;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Core.Tests.Services;

public sealed class FrameSpecs
{
    [Fact]
    public void A_conversation_cut_at_every_position_is_read_as_it_was_written()
    {
        Frame[] written =
        [
            Frame.OfText(FrameKind.Env, "TERM=xterm"), Frame.OfWindow(new WindowSize(24, 80, 640, 480)), Frame.Empty(FrameKind.Start),
            new(FrameKind.In, Encoding.ASCII.GetBytes("hello\0\n")), Frame.OfText(FrameKind.Signal, "INT"), Frame.Empty(FrameKind.In),
        ];
        byte[] bytes = [.. written.SelectMany(FrameWriter.ToBytes)];
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = new FrameReader(fromCaller: true);
            List<Frame> read = [.. ReadAll(reader, bytes.AsSpan(0, cut)), .. ReadAll(reader, bytes.AsSpan(cut))];

            read.Select(frame => (frame.Kind, Convert.ToHexString(frame.Payload.Span)))
                .Should().Equal(written.Select(frame => (frame.Kind, Convert.ToHexString(frame.Payload.Span))));
            reader.IsInFrame.Should().BeFalse();
        }
    }

    [Fact]
    public void A_frame_of_the_longest_payload_comes_byte_for_byte()
    {
        byte[] payload = new byte[Frame.MaxPayload];
        new Random(7).NextBytes(payload);
        byte[] bytes = FrameWriter.ToBytes(new Frame(FrameKind.Out, payload));
        var reader = new FrameReader(fromCaller: false);
        var read = new List<Frame>();
        foreach (byte one in bytes)
        {
            read.AddRange(ReadAll(reader, [one]));
        }

        read.Should().ContainSingle().Which.Payload.ToArray().Should().Equal(payload);
    }

    [Fact]
    public void What_a_frame_says_is_read_as_it_was_said()
    {
        Frame.OfWindow(new WindowSize(1, 2, 3, 65535)).Window().Should().Be(new WindowSize(1, 2, 3, 65535));
        Frame.OfStarted(123456, onTerminal: true).Started().Should().Be((123456, true));
        Frame.OfStarted(1, onTerminal: false).Started().Should().Be((1, false));
        Frame.OfExit(0x1234).Exit().Should().Be(0x1234);
        Frame.OfText(FrameKind.Error, "no, é").Text().Should().Be("no, é");
    }

    [Fact]
    public void A_payload_that_is_not_of_its_kind_is_refused()
    {
        Action read = () => Frame.Empty(FrameKind.Exit).Exit();

        read.Should().Throw<FormatException>().WithMessage("*Exit has 4 bytes, this one has 0*");
    }

    [Theory]
    [InlineData("0100000000", true, "1 is no kind of a frame from a caller")]
    [InlineData("0000000000", false, "0 is no kind of a frame to a caller")]
    [InlineData("0A00000000", false, "10 is no kind")]
    [InlineData("FF00000000", true, "255 is no kind")]
    [InlineData("0000010001", true, "at most 65536 bytes, this one has 65537")]
    [InlineData("00FFFFFFFF", true, "this one has 4294967295")]
    public void What_is_no_frame_is_refused_with_the_reason(string hex, bool fromCaller, string reason)
    {
        Action read = () => ReadAll(new FrameReader(fromCaller), Convert.FromHexString(hex));

        read.Should().Throw<FormatException>().WithMessage($"*{reason}*");
    }

    private static List<Frame> ReadAll(FrameReader reader, ReadOnlySpan<byte> bytes)
    {
        var frames = new List<Frame>();
        while (reader.TryRead(ref bytes, out Frame frame))
        {
            frames.Add(frame with { Payload = frame.Payload.ToArray() });
        }

        bytes.IsEmpty.Should().BeTrue();
        return frames;
    }
}
