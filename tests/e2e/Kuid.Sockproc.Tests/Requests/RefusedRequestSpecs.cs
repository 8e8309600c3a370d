using System.Text;

namespace Kuid.Sockproc.Tests.Requests;

// Rows 59 to 68, 73 and 76: what is not a whole and right request is told so, and leaves neither a process nor a job behind.
public sealed class RefusedRequestSpecs : IAsyncLifetime
{
    private const string Reached = "touch ran";

    private TestDaemon _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await TestDaemon.Start();

    public async ValueTask DisposeAsync() => await _daemon.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("\r")]
    public Task Row_59_a_command_that_the_client_did_not_finish_never_runs(string end) => NothingRuns(Reached + end, "ended before the command's CRLF");

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r\n0")]
    [InlineData("\r\n0\r")]
    public Task Row_60_a_command_without_its_count_never_runs(string end) => NothingRuns(Reached + end, "ended before the stdin byte count's CRLF");

    [Theory]
    [InlineData("\n0\n")]
    [InlineData("\n0\necho on\n")]
    public Task Row_61_lines_that_end_in_LF_alone_never_run(string end) => NothingRuns(Reached + end, "ended before the command's CRLF");

    [Theory]
    [InlineData(131_072)]
    [InlineData(1024 * 1024)]
    public Task Row_64_a_command_longer_than_the_system_takes_never_runs(int length) =>
        NothingRuns($"{Reached}; #{new string('x', length - Reached.Length - 3)}\r\n0\r\n", "longer than 131071 bytes");

    [Theory]
    [InlineData("-5")]
    [InlineData("-1")]
    [InlineData("-0")]
    public Task Row_65_a_negative_count_is_refused_before_anything_runs(string count) => NothingRuns($"{Reached}\r\n{count}\r\nabcde", "count");

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("0x3")]
    public Task Row_66_a_count_that_is_no_number_is_refused_before_anything_runs(string count) => NothingRuns($"{Reached}\r\n{count}\r\nabcde", "count");

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551616")]
    [InlineData("18446744073709551617")]
    [InlineData("10000000000000000000000")]
    public Task Row_67_a_count_beyond_64_bits_is_refused_before_anything_runs(string count) => NothingRuns($"{Reached}\r\n{count}\r\nabcde", "count");

    [Theory]
    [InlineData("+3")]
    [InlineData(" 3")]
    [InlineData("3 ")]
    [InlineData("3x")]
    public Task Row_68_a_count_with_anything_beside_its_digits_is_refused_before_anything_runs(string count) =>
        NothingRuns($"{Reached}\r\n{count}\r\nabc", "count");

    [Theory]
    [InlineData("touch ran\0 more\r\n0\r\n")]
    [InlineData("\0touch ran\r\n0\r\n")]
    [InlineData("touch ran\0\r\n0\r\n")]
    public Task Row_73_a_command_with_a_NUL_is_refused_and_not_cut_there(string request) => NothingRuns(request, "NUL");

    [Theory]
    [InlineData("GET /;touch$IFS'ran';: HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 14\r\n\r\ntouch ran\r\n0\r\n")]
    public async Task Row_76_a_request_of_HTTP_runs_nothing_and_is_logged_as_what_it_is(string request)
    {
        await NothingRuns(request, "looks like an HTTP request");

        await Eventually.Holds(() => _daemon.Log.Contains("refused, HttpRequest", StringComparison.Ordinal), "the log says so");
    }

    private async Task NothingRuns(string request, string reason)
    {
        using SockprocClient client = await _daemon.Connect();
        await client.Send(Encoding.Latin1.GetBytes(request));
        client.HalfClose();

        Reply reply = await client.ReadReply();

        (reply.Status, reply.Text).Should().Be((-1, string.Empty));
        reply.Error.Should().Contain(reason).And.EndWith("nothing was run");

        // Had it started behind the reply's back, it would have done its work, and be in the history, before a later one is.
        (await _daemon.Run("echo later")).Status.Should().Be(0);
        File.Exists(_daemon.Folder["ran"]).Should().BeFalse();
        await Eventually.Holds(async () => (await RecordedJobs.Of(_daemon)).Count > 0, "the later one is in the history");
        (await RecordedJobs.Of(_daemon)).Should().ContainSingle().Which.GetRawText().Should().Contain("echo later");
    }
}
