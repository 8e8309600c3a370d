using System.Text.Json;
using Kuid.Jobd.Core.Native;

namespace Kuid.Coprocess.Tests;

/// <summary>ARGV and MAIN: programs without a shell on the client's descriptors, with the connection's variables and directory.</summary>
public sealed class ArgvSpecs : IAsyncLifetime
{
    private readonly Streams _streams = new();
    private CoprocessDaemon _daemon = null!;
    private Wire _wire = null!;

    public async ValueTask InitializeAsync()
    {
        _daemon = await CoprocessDaemon.Start();
        _wire = new Wire(_daemon.Socket);
    }

    [Theory]
    [InlineData("ARGV\0sh\0-c\0exit 3\0", "OK 768")]
    [InlineData("MAIN\0sh\0-c\0exit 3\0", "OK 768")]
    [InlineData("ARGV\0sh\0-c\0kill -TERM $$\0", "OK 15")]
    [InlineData("ARGV\0true", "OK 0")]
    public async Task The_reply_is_the_raw_wait_status(string request, string reply) => (await _wire.Ask(request, _streams.All)).Should().Be(reply);

    [Fact]
    public async Task Output_comes_on_the_descriptors_that_were_passed_and_none_stays_open_in_the_daemon()
    {
        (await _wire.Ask("ARGV\0sh\0-c\0echo out; echo err >&2; cat\0", _streams.All)).Should().Be("OK 0");

        (await _streams.Written()).Should().Be("out\nerr\n");
    }

    [Fact]
    public async Task Files_are_written_where_they_stand_and_appended_to_where_that_was_asked_for()
    {
        string file = _daemon.Daemon.Folder["file"];
        using SafeFd descriptor = LibcFiles.OpenOwn(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        LibcIo.Write(descriptor, "head\n"u8);

        await _wire.Ask("ARGV\0echo\0one\0", [descriptor, descriptor, descriptor]);
        await _wire.Ask("ARGV\0echo\0two\0", [descriptor, descriptor, descriptor]);
        LibcIo.Write(descriptor, "tail\n"u8);

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Should().Be("head\none\ntwo\ntail\n");
    }

    [Fact]
    public async Task A_program_reads_the_descriptor_that_was_passed_from_where_it_stands()
    {
        (SafeFd read, SafeFd write) = LibcIo.Pipe();
        LibcIo.Write(write, "first\nsecond\n"u8);
        write.Dispose();
        using (read)
        {
            (await _wire.Ask("ARGV\0sh\0-c\0read x; echo got $x\0", _streams.With(read))).Should().Be("OK 0");
            (await _wire.Ask("ARGV\0cat\0", _streams.With(read))).Should().Be("OK 0");
        }

        (await _streams.Written()).Should().Be("got first\nsecond\n");
    }

    [Fact]
    public async Task Variables_and_the_directory_are_the_connections_own()
    {
        using var other = new Wire(_daemon.Socket);
        string folder = _daemon.Daemon.Folder.Path;
        Directory.CreateDirectory(_daemon.Daemon.Folder["below"]);
        Directory.CreateSymbolicLink(_daemon.Daemon.Folder["link"], _daemon.Daemon.Folder["below"]);

        (await _wire.Ask("ENV\0KX=1\0KY=a=b\0")).Should().Be("OK");
        (await _wire.Ask("ENV\0KX=2\0", _streams.All)).Should().Be("OK");
        (await _wire.Ask($"CD\0{folder}\0")).Should().Be("OK");
        (await _wire.Ask("CD\0link\0")).Should().Be("OK");
        (await _wire.Ask("ARGV\0sh\0-c\0echo $KX $KY; pwd -P\0", _streams.All)).Should().Be("OK 0");
        (await other.Ask("ARGV\0sh\0-c\0echo [$KX$KY]\0", _streams.All)).Should().Be("OK 0");

        (await _streams.Written()).Should().Be($"2 a=b\n{folder}/below\n[]\n");
    }

    [Theory]
    [InlineData("CD\0/nonexistent\0", "ERROR ENOENT")]
    [InlineData("CD\0/dev/null\0", "ERROR ENOTDIR")]
    [InlineData("CD\0\0", "ERROR ENOENT")]
    [InlineData("ENV\0=x\0", "ERROR EINVAL")]
    [InlineData("ENV\0A=1\0novalue\0", "ERROR EINVAL")]
    public async Task What_cannot_be_entered_or_set_is_the_name_of_an_error_number_and_changes_nothing(string request, string reply)
    {
        (await _wire.Ask(request)).Should().Be(reply);
        (await _wire.Ask("ARGV\0sh\0-c\0echo [$A]; pwd -P\0", _streams.All)).Should().Be("OK 0");

        (await _streams.Written()).Should().Be($"[]\n{_daemon.Daemon.Folder.Path}\n");
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_is_an_error_with_the_step_and_the_reason()
    {
        (await _wire.Ask("ARGV\0no-such-program\0", _streams.All)).Should().StartWith("ERROR ").And.Contain("no-such-program").And.Contain("ENOENT");
        (await _wire.Ask("ARGV\0/etc/passwd\0", _streams.All)).Should().StartWith("ERROR ").And.Contain("EACCES");
        (await _wire.Ask("ARGV\0true\0", _streams.All)).Should().Be("OK 0");
        (await _streams.Written()).Should().BeEmpty("no descriptor of a failed start is left open");
    }

    [Fact]
    public async Task Each_is_a_job_in_the_history_whose_output_is_not_kept()
    {
        await _wire.Ask("ARGV\0sh\0-c\0echo seen; exit 3\0", _streams.All);

        JsonElement job = await _daemon.Job(job => job.GetProperty("state").GetString() == "failed", "has failed");

        job.GetProperty("kind").GetString().Should().Be("argv");
        job.GetProperty("exitCode").GetInt32().Should().Be(3);
        job.GetProperty("passedThrough").GetBoolean().Should().BeTrue();
        job.GetProperty("stdoutBytes").GetInt64().Should().Be(0);
        using HttpResponseMessage rerun = await _daemon.Post(job.GetProperty("id").GetInt64(), "rerun");
        ((int)rerun.StatusCode, await rerun.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Match<(int Status, string Body)>(
            answer => answer.Status == 409 && answer.Body.Contains("\"nostdin\""), "its descriptors are gone");
    }

    [Fact]
    public async Task A_cancel_over_HTTP_ends_it_and_the_reply_says_by_which_signal()
    {
        Task<string?> reply = _wire.Ask("ARGV\0sleep\01000\0", _streams.All);
        JsonElement job = await _daemon.Job(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number, "runs");

        using HttpResponseMessage cancel = await _daemon.Post(job.GetProperty("id").GetInt64(), "cancel");

        (await reply).Should().Be("OK 15");
    }

    [Fact]
    public async Task Row_93_a_client_that_goes_away_takes_its_program_with_it()
    {
        using (var leaving = new Wire(_daemon.Socket))
        {
            await leaving.Send(Wire.Netstring("ARGV\0sleep\01000\0"), _streams.All);
            await _daemon.Job(job => job.GetProperty("pid").ValueKind == JsonValueKind.Number, "runs");
        }

        JsonElement job = await _daemon.Job(job => job.GetProperty("state").GetString() == "canceled", "is canceled");
        job.GetProperty("detail").GetString().Should().Be("its client hung up");
        (await _streams.Written()).Should().BeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        _streams.Dispose();
        _wire.Dispose();
        await _daemon.DisposeAsync();
    }
}
