using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Fanos;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Tests.Fanos;

/// <summary>Messages with descriptors, over a pair of sockets.</summary>
[Collection(nameof(Alone))]
public sealed class FanosSpecs : IDisposable
{
    private const int MaxBytes = 1_000_000;

    private readonly Reactor _reactor = new();
    private readonly Descriptor _one;
    private readonly Descriptor _other;
    private readonly FanosReader _reader;

    public FanosSpecs()
    {
        (SafeFd one, SafeFd other) = LibcSocket.Pair();
        _one = new Descriptor(_reactor, one, EpollEvents.In | EpollEvents.Out);
        _other = new Descriptor(_reactor, other, EpollEvents.In | EpollEvents.Out);
        _reader = new FanosReader(_other, MaxBytes);
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
        _reactor.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(LibcSocket.MaxDescriptors)]
    public async Task Descriptors_come_with_their_message(int count)
    {
        using SafeFd file = LibcFiles.OpenOwn("/dev/zero", UnixFileMode.None);
        await FanosWriter.WriteAsync(_one, "hello"u8.ToArray(), [.. Enumerable.Repeat(file, count)]);
        await FanosWriter.WriteAsync(_one, "next"u8.ToArray(), []);

        using FanosMessage? message = await ReadAsync();
        message!.Descriptors.Select(TargetOf).Should().Equal(Enumerable.Repeat("/dev/zero", count));
        message.DescriptorsLost.Should().BeFalse();
        Encoding.ASCII.GetString(message.Payload.Span).Should().Be("hello");
        (await ReadAsync())!.Descriptors.Should().BeEmpty();
    }

    [Fact]
    public async Task Row_86_descriptors_come_with_whichever_byte_they_were_sent()
    {
        using SafeFd file = LibcFiles.OpenOwn("/dev/zero", UnixFileMode.None);
        byte[] message = "7:ab,cd:e,"u8.ToArray();
        for (int at = 0; at < message.Length; at++)
        {
            for (int i = 0; i < message.Length; i++)
            {
                LibcSocket.SendMessage(_one.Fd, message.AsSpan(i, 1), i == at ? [file, file, file] : []);
            }

            using FanosMessage? got = await ReadAsync();
            Encoding.ASCII.GetString(got!.Payload.Span).Should().Be("ab,cd:e");
            got.Descriptors.Should().HaveCount(3, "they were sent with byte {0}", at);
        }
    }

    [Fact]
    public async Task Row_87_messages_that_lie_side_by_side_keep_their_own_descriptors()
    {
        using SafeFd zero = LibcFiles.OpenOwn("/dev/zero", UnixFileMode.None);
        using SafeFd full = LibcFiles.OpenOwn("/dev/full", UnixFileMode.None);
        for (int i = 0; i < 50; i++)
        {
            await FanosWriter.WriteAsync(_one, Encoding.ASCII.GetBytes($"{i}"), i % 2 == 0 ? [zero] : [full, full]);
        }

        for (int i = 0; i < 50; i++)
        {
            using FanosMessage? got = await ReadAsync();
            Encoding.ASCII.GetString(got!.Payload.Span).Should().Be(i.ToString(CultureInfo.InvariantCulture));
            got.Descriptors.Select(TargetOf).Should().Equal(i % 2 == 0 ? ["/dev/zero"] : ["/dev/full", "/dev/full"]);
        }
    }

    [Fact]
    public async Task A_message_that_is_none_leaves_no_descriptor()
    {
        using SafeFd file = LibcFiles.OpenOwn("/dev/zero", UnixFileMode.None);
        int before = Directory.GetFiles("/proc/self/fd").Length;
        LibcSocket.SendMessage(_one.Fd, "3:abc;"u8, [file, file, file]);

        await FluentActions.Awaiting(ReadAsync).Should().ThrowAsync<FanosException>().WithMessage("*ends with a comma*");

        Directory.GetFiles("/proc/self/fd").Length.Should().Be(before);
    }

    [Fact]
    public async Task A_peer_that_leaves_between_messages_is_the_end_and_within_one_a_fault()
    {
        await FanosWriter.WriteAsync(_one, "whole"u8.ToArray(), []);
        LibcSocket.SendMessage(_one.Fd, "12:half"u8, []);
        _one.Dispose();

        Encoding.ASCII.GetString((await ReadAsync())!.Payload.Span).Should().Be("whole");
        await FluentActions.Awaiting(ReadAsync).Should().ThrowAsync<FanosException>().WithMessage("*within a message*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task Row_89_a_large_message_goes_through_a_socket_that_holds_less(int descriptors)
    {
        using SafeFd file = LibcFiles.OpenOwn("/dev/zero", UnixFileMode.None);
        byte[] large = new byte[MaxBytes];
        new Random(1).NextBytes(large);
        Task writing = FanosWriter.WriteAsync(_one, large, [.. Enumerable.Repeat(file, descriptors)]).AsTask();

        using FanosMessage? got = await ReadAsync();

        await writing.WaitAsync(Reading.Limit);
        got!.Payload.Span.SequenceEqual(large).Should().BeTrue("what comes is what was written");
        got.Descriptors.Should().HaveCount(descriptors);
    }

    private async Task<FanosMessage?> ReadAsync() => await _reader.ReadAsync().AsTask().WaitAsync(Reading.Limit);

    private static string TargetOf(SafeFd fd) =>
        File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{fd.Number}"), returnFinalTarget: false)!.FullName;
}
