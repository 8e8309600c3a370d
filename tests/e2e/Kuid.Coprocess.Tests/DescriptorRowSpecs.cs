using Kuid.Jobd.Core.Native;

namespace Kuid.Coprocess.Tests;

/// <summary>Rows 83 to 90: however many descriptors come, wherever they come, the daemon has as many afterwards as before.</summary>
public sealed class DescriptorRowSpecs : IAsyncLifetime
{
    private readonly Streams _streams = new();
    private CoprocessDaemon _daemon = null!;
    private Wire _wire = null!;
    private int _before;

    public async ValueTask InitializeAsync()
    {
        // What is refused is refused for what it is, and not because the rest of it does not come in time.
        _daemon = await CoprocessDaemon.Start("--coprocess-message-seconds", "600");
        _wire = new Wire(_daemon.Socket);
        (await _wire.Ask("ARGV\0true\0", _streams.All)).Should().Be("OK 0");
        _before = _daemon.Descriptors;
    }

    public async ValueTask DisposeAsync()
    {
        _streams.Dispose();
        _wire.Dispose();
        await _daemon.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Row_83_another_number_of_descriptors_than_three_is_refused_and_all_are_closed(int count)
    {
        foreach (string request in new[] { "ARGV\0true\0", "EVAL true" })
        {
            (await _wire.Ask(request, [.. Enumerable.Repeat(_streams.All[1], count)])).Should().Match("ERROR * takes 3: *");
        }

        await AsBefore();
        (await _wire.Ask("ARGV\0true\0", _streams.All)).Should().Be("OK 0", "the connection goes on");
        (await _streams.Written()).Should().BeEmpty("nobody holds what was passed");
    }

    [Fact]
    public async Task Row_84_as_many_as_a_message_carries_are_received_and_closed()
    {
        (await _wire.Ask("ARGV\0true\0", Many)).Should().StartWith("ERROR ARGV takes 3: ");

        await AsBefore();
        (await _streams.Written()).Should().BeEmpty();
    }

    [Fact]
    public async Task Row_85_a_flood_of_descriptors_leaves_none()
    {
        for (int i = 0; i < 500; i++)
        {
            (await _wire.Ask("GETPID now", Many)).Should().StartWith("ERROR");
            _daemon.Descriptors.Should().BeLessThan(_before + LibcSocket.MaxDescriptors);
        }

        await AsBefore();
    }

    [Fact]
    public async Task Row_85_descriptors_on_every_byte_end_the_connection_and_leave_none()
    {
        using var flood = new Wire(_daemon.Socket);
        byte[] request = Wire.Netstring("ARGV\0echo\0never\0");
        try
        {
            for (int i = 0; i < request.Length; i++)
            {
                await flood.Send(request.AsMemory(i, 1), Many);
            }
        }
        catch (NativeException e) when (e.Errno is Errno.EPIPE or Errno.ECONNRESET)
        {
            // The daemon has closed before the last of them.
        }

        (await flood.Reply()).Should().BeNull();
        await AsBefore();
        (await _streams.Written()).Should().BeEmpty();
    }

    [Fact]
    public async Task Row_86_descriptors_with_any_byte_the_digits_and_the_comma_too_are_the_messages()
    {
        byte[] request = Wire.Netstring("ARGV\0echo\0here\0");
        for (int place = 0; place < request.Length; place++)
        {
            await _wire.SendBytewise(request, _streams.All, place);
            (await _wire.Reply()).Should().Be("OK 0", "they came with byte {0}", place);
        }

        await AsBefore();
        (await _streams.Written()).Should().Be(string.Concat(Enumerable.Repeat("here\n", request.Length)));
    }

    [Fact]
    public async Task Row_87_a_message_without_descriptors_does_not_get_those_of_the_next()
    {
        // Both lie in the socket before the daemon reads either, because a slow program goes before.
        await _wire.Send(Wire.Netstring("ARGV\0sleep\00.3\0"), _streams.All);
        for (int i = 0; i < 20; i++)
        {
            await _wire.Send(Wire.Netstring("ARGV\0echo\0never\0"));
            await _wire.Send(Wire.Netstring("ARGV\0echo\0once\0"), _streams.All);
        }

        (await _wire.Reply()).Should().Be("OK 0");
        for (int i = 0; i < 20; i++)
        {
            (await _wire.Reply()).Should().StartWith("ERROR ARGV takes 3: ");
            (await _wire.Reply()).Should().Be("OK 0");
        }

        (await _streams.Written()).Should().Be(string.Concat(Enumerable.Repeat("once\n", 20)));
    }

    [Fact]
    public async Task Row_88_a_length_that_promises_too_much_takes_no_memory()
    {
        long before = ProcessTable.PeakResidentBytes(_daemon.Daemon.Pid);
        for (int i = 0; i < 100; i++)
        {
            using var greedy = new Wire(_daemon.Socket);
            await greedy.Send("999999999:"u8.ToArray());
            (await greedy.Reply()).Should().BeNull();
        }

        (ProcessTable.PeakResidentBytes(_daemon.Daemon.Pid) - before).Should().BeLessThan(50_000_000);
        await AsBefore();
    }

    [Fact]
    public async Task Row_89_a_request_larger_than_the_sockets_buffer_in_pieces_is_one_request()
    {
        string text = $"x={new string('a', 1_000_000)}; echo ${{#x}}";
        byte[] request = Wire.Netstring("EVAL " + text);
        for (int at = 0; at < request.Length; at += 77_777)
        {
            await _wire.Send(request.AsMemory(at, Math.Min(77_777, request.Length - at)), at == 77_777 ? _streams.All : []);
        }

        (await _wire.Reply()).Should().Be("OK 0");
        (await _streams.Written()).Should().Be("1000000\n");
    }

    [Fact]
    public async Task Row_90_no_job_inherits_what_is_passed_to_another()
    {
        using var leaving = new CancellationTokenSource();
        Task flood = Task.Run(
            async () =>
            {
                while (!leaving.IsCancellationRequested)
                {
                    (await _wire.Ask("GETPID now", Many)).Should().StartWith("ERROR");
                }
            },
            TestContext.Current.CancellationToken);

        for (int i = 0; i < 100; i++)
        {
            Reply reply = await _daemon.Daemon.Run("cd /proc/self/fd && echo *");

            // The fourth is the folder that the shell itself lists.
            reply.Text.Split(' ', StringSplitOptions.TrimEntries).Should().StartWith(["0", "1", "2"]).And.HaveCountLessThanOrEqualTo(4);
        }

        await leaving.CancelAsync();
        await flood;
    }

    private SafeFd[] Many => [.. Enumerable.Repeat(_streams.All[1], LibcSocket.MaxDescriptors)];

    private Task AsBefore() => Eventually.Holds(
        () => _daemon.Descriptors <= _before, () => $"the daemon has {_before} descriptors again, not {_daemon.Descriptors}");
}
