using Kuid.Jobd.Core.Native;

namespace Kuid.Coprocess.Tests;

/// <summary>What is no message, or none that there is: refused, with all its descriptors closed.</summary>
public sealed class FramingSpecs : IAsyncLifetime
{
    private readonly Streams _streams = new();
    private CoprocessDaemon _daemon = null!;
    private Wire _wire = null!;

    public async ValueTask InitializeAsync()
    {
        // What is refused is refused for what it is, and not because the rest of it does not come in time.
        _daemon = await CoprocessDaemon.Start(
            "--coprocess-message-bytes", "1000", "--coprocess-connections", "2", "--coprocess-message-seconds", "600");
        _wire = new Wire(_daemon.Socket);
    }

    [Theory]
    [InlineData("1001:")]
    [InlineData("99999999999999999999:")]
    [InlineData("3:abcd")]
    [InlineData("x3:abc,")]
    [InlineData(":,")]
    [InlineData("03:abc,")]
    [InlineData("-1:,")]
    public async Task Row_88_after_what_is_no_netstring_the_connection_is_closed_and_so_are_the_descriptors(string bytes)
    {
        await _wire.Send(System.Text.Encoding.ASCII.GetBytes(bytes), _streams.All);

        (await _wire.Reply()).Should().BeNull();
        (await _streams.Written()).Should().BeEmpty();
    }

    [Fact]
    public async Task Row_93_descriptors_of_a_message_that_was_not_finished_are_closed()
    {
        await _wire.Send("100:EVAL ec"u8.ToArray(), _streams.All);
        _wire.Dispose();

        (await _streams.Written()).Should().BeEmpty();
    }

    [Fact]
    public async Task Row_85_more_descriptors_than_one_message_carries_are_too_many_for_the_connection()
    {
        SafeFd[] many = [.. Enumerable.Repeat(_streams.All[1], LibcSocket.MaxDescriptors)];
        await _wire.Send("10:A"u8.ToArray(), many);
        await _wire.Send("B"u8.ToArray(), many);

        (await _wire.Reply()).Should().BeNull();
        (await _streams.Written()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("", "ERROR unknown request \"\"; there are GETPID, ARGV, MAIN, ENV, CD, EVAL, ECMD, IEVAL, DUMP, COMPLETE")]
    [InlineData("eval x", "ERROR unknown request \"eval x\"; *")]
    [InlineData("EVAL", "ERROR EVAL is followed by a space and a text")]
    [InlineData("EVAL\0x\0", "ERROR EVAL is followed by a space and a text")]
    [InlineData("EVAL echo \0", "ERROR the text of EVAL contains a NUL byte, which no shell can read")]
    [InlineData("ARGV echo", "ERROR ARGV is followed by a NUL, and each of its words too")]
    [InlineData("ARGV\0", "ERROR ARGV takes at least one word")]
    [InlineData("CD\0a\0b\0", "ERROR CD takes one directory; there were 2 words")]
    [InlineData("GETPID now", "ERROR GETPID stands alone")]
    [InlineData("IEVAL :", "ERROR IEVAL takes a terminal as stdin; EVAL takes anything")]
    public async Task What_is_no_request_is_answered_with_what_is_and_the_connection_goes_on(string request, string reply)
    {
        (await _wire.Ask(request, _streams.All)).Should().Match(reply);
        (await _wire.Ask("ENV\0A=1\0")).Should().Be("OK");
        (await _streams.Written()).Should().BeEmpty("descriptors of a refused request are closed");
    }

    [Fact]
    public async Task Row_84_descriptors_that_the_daemon_has_no_room_for_are_too_many_for_the_request_alone()
    {
        Assert.SkipUnless(ToolRun.Exists("prlimit"), "prlimit is not installed");
        await using CoprocessDaemon daemon = await CoprocessDaemon.Start(wrapper: ["prlimit", "--nofile=300:300"]);
        using var wire = new Wire(daemon.Socket);
        SafeFd[] many = [.. Enumerable.Repeat(_streams.All[1], LibcSocket.MaxDescriptors)];

        (await wire.Ask("ARGV\0echo\0first\0", _streams.All)).Should().Be("OK 0");
        (await wire.Ask("ARGV\0echo\0lost\0", many)).Should().StartWith("ERROR more descriptors came than the daemon has room for");

        (await wire.Ask("ARGV\0echo\0found\0", _streams.All)).Should().Be("OK 0");
        (await _streams.Written()).Should().Be("first\nfound\n");
    }

    [Fact]
    public async Task One_connection_too_many_is_told_so()
    {
        (await _wire.Ask("ENV\0A=1\0")).Should().Be("OK");
        using var second = new Wire(_daemon.Socket);
        (await second.Ask("ENV\0A=1\0")).Should().Be("OK");

        using var third = new Wire(_daemon.Socket);

        (await third.Reply()).Should().Be("ERROR there are too many connections, try again later; nothing was done");
        (await third.Reply()).Should().BeNull();
    }

    public async ValueTask DisposeAsync()
    {
        _streams.Dispose();
        _wire.Dispose();
        await _daemon.DisposeAsync();
    }
}
