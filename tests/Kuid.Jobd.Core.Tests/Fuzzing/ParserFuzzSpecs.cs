using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Fanos;
using Kuid.Jobd.Core.Services;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Fuzzing;

/// <summary>The parsers of the engine, from the files of tests/corpus on: netstrings, frames, messages of the registry.</summary>
public sealed class ParserFuzzSpecs(ITestOutputHelper output)
{
    private const int LongestMessage = 1000;

    [Fact]
    public void Row_88_netstrings_mean_the_same_at_once_and_bytewise_and_print_again() =>
        new CorpusFuzz("netstring", ":", ",", "00", "999999999:").Run(
            input =>
            {
                (List<byte[]> messages, bool whole, int taken) = Netstrings(input, int.MaxValue);
                (List<byte[]> bytewise, bool wholeBytewise, int takenBytewise) = Netstrings(input, 1);
                bytewise.Should().BeEquivalentTo(messages, options => options.WithStrictOrdering());
                (wholeBytewise, takenBytewise).Should().Be((whole, taken));
                byte[] printed = [.. messages.SelectMany(message => (byte[])[.. Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture)), (byte)':', .. message, (byte)','])];
                input.AsSpan().StartsWith(printed).Should().BeTrue("a length is written in one way");
                return whole && messages.Count > 0;
            },
            output.WriteLine);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Frames_mean_the_same_at_once_and_bytewise_and_print_again(bool fromCaller) =>
        new CorpusFuzz("frame", "\0\0\0\0\0", "\0\0\u0001\0\u0001").Run(
            input =>
            {
                (byte[] frames, bool whole) = Frames(input, input.Length, fromCaller);
                (byte[] bytewise, bool wholeBytewise) = Frames(input, 1, fromCaller);
                bytewise.Should().Equal(frames);
                wholeBytewise.Should().Be(whole);
                input.AsSpan().StartsWith(frames).Should().BeTrue();
                return whole && frames.Length > 0;
            },
            output.WriteLine);

    [Fact]
    public void Messages_of_the_registry_print_again_and_give_a_field_or_say_why_not() =>
        new CorpusFuzz("registry", "ADVERTISE", "CALL", "DONE", "\0\0").Run(
            input =>
            {
                var message = RegistryMessage.Parse(input);
                if (message.Verb.All(char.IsAscii))
                {
                    message.ToPayload().Should().Equal(input);
                }

                message.From(0).Should().HaveCount(message.Count);
                try
                {
                    return message.Number(0) <= long.MaxValue;
                }
                catch (FormatException e)
                {
                    e.Message.Should().NotBeEmpty();
                    return false;
                }
            },
            output.WriteLine);

    // As many messages as are whole, whether that was all, and how many bytes were taken before it was not.
    private static (List<byte[]> Messages, bool Whole, int Taken) Netstrings(byte[] input, int most)
    {
        var messages = new List<byte[]>();
        var reader = new NetstringReader(LongestMessage);
        int begun = 0;
        try
        {
            for (int at = 0; at < input.Length;)
            {
                int n = Math.Min(Math.Min(reader.Wanted, most), input.Length - at);
                ReadOnlyMemory<byte>? message = reader.Read(input.AsSpan(at, n));
                at += n;
                if (message is { } payload)
                {
                    messages.Add(payload.ToArray());
                    begun = at;
                }
            }

            return (messages, !reader.IsInMessage, begun);
        }
        catch (FanosException)
        {
            return (messages, false, begun);
        }
    }

    private static (byte[] Frames, bool Whole) Frames(byte[] input, int most, bool fromCaller)
    {
        var printed = new List<byte>();
        var reader = new FrameReader(fromCaller);
        try
        {
            for (int at = 0; at < input.Length;)
            {
                int end = Math.Min(input.Length, at + most);
                ReadOnlySpan<byte> bytes = input.AsSpan(at..end);
                if (reader.TryRead(ref bytes, out Frame frame))
                {
                    printed.AddRange(FrameWriter.ToBytes(frame));
                }

                at = end - bytes.Length;
            }

            return ([.. printed], !reader.IsInFrame);
        }
        catch (FormatException)
        {
            return ([.. printed], false);
        }
    }
}
