using System.Runtime.CompilerServices;
using System.Text;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>What a link costs is how often it is waited for, so that is counted.</summary>
public sealed class RoundTripSpecs
{
    [Theory, InlineData(Hosts.Unix), InlineData(Hosts.Exec)]
    public async Task The_stat_files_of_a_hundred_processes_take_three_round_trips(string host)
    {
        var transport = new RecordingTransport(Hosts.TransportOf(host));
        await using var client = await SysreqClient.ConnectAsync(transport);
        var system = new RemoteSystem(client);
        ByteString[] paths = [.. Enumerable.Range(0, 100).Select(i => new ByteString(i == 50 ? "/proc/no/stat" : $"/proc/{client.Pid}/stat"))];
        await ReadAllAsync(system, paths[..1], 4096);
        using (await client.Scratch.RentAsync(1 << 20))
        {
            // Memory for all of them is there from now on.
        }

        var before = transport.RoundTrips;
        var contents = await ReadAllAsync(system, paths, 4096);

        (transport.RoundTrips - before).Should().Be(3);
        contents.Select(content => content.Path).Should().Equal(paths);
        contents[50].Error!.ErrnoName.Should().Be("ENOENT");
        contents.Where(content => content.Error is null).Should().HaveCount(99)
            .And.OnlyContain(content => TextOf(content).StartsWith($"{client.Pid} (kuid-sysreqd) ", StringComparison.Ordinal))
            .And.OnlyContain(content => !content.Truncated);
    }

    [Fact]
    public async Task Many_directories_are_listed_in_three_round_trips_whatever_their_size()
    {
        using var folder = new Kuid.TestKit.TempFolder();
        for (var i = 0; i < 1000; i++)
            File.WriteAllBytes(folder[$"a-name-of-some-length-{i:d4}"], []);

        var transport = new RecordingTransport(Hosts.TransportOf(Hosts.Unix));
        await using var client = await SysreqClient.ConnectAsync(transport);
        var system = new RemoteSystem(client);
        ByteString[] small = [.. Enumerable.Repeat<ByteString>("/proc/self/fdinfo", 100)];
        await system.ListAllAsync(small);

        var before = transport.RoundTrips;
        var lists = await system.ListAllAsync(small);
        (transport.RoundTrips - before).Should().Be(3);
        var mixed = await system.ListAllAsync(["/no", folder.Path, "/proc/version", "/proc/self/fdinfo"]);

        lists.Should().OnlyContain(list => list.Value.Any(entry => entry.Name == "3"));
        mixed.Select(list => list.Error?.ErrnoName).Should().Equal("ENOENT", null, "ENOTDIR", null);
        mixed[1].Value.Should().HaveCount(1002);
        mixed[1].Value.Select(entry => entry.Name).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task The_status_of_a_hundred_files_takes_one_round_trip()
    {
        var transport = new RecordingTransport(Hosts.TransportOf(Hosts.Unix));
        await using var client = await SysreqClient.ConnectAsync(transport);
        var system = new RemoteSystem(client);
        await system.StatAsync("/");

        var before = transport.RoundTrips;
        var found = await system.StatAllAsync([.. Enumerable.Repeat<ByteString>("/proc/self", 100)]);

        (transport.RoundTrips - before).Should().Be(1);
        found.Should().OnlyContain(outcome => outcome.Succeeded);
    }

    [Fact]
    public async Task A_server_that_is_not_ours_gets_one_request_at_a_time_in_one_piece()
    {
        var transport = new RecordingTransport(new RenamingTransport(Hosts.TransportOf(Hosts.Unix)));
        await using var client = await SysreqClient.ConnectAsync(transport);
        var system = new RemoteSystem(client);

        await system.StatAllAsync(["/", "/proc"]);

        client.Ident.IsOriginal.Should().BeTrue();
        transport.RoundTrips.Should().Be(transport.Writes.Count).And.Be((int)client.Completed, "each request waits for its reply");
        var requests = transport.Writes.Select(bytes => BitConverter.ToInt64(bytes)).ToArray();
        requests[..4].Should().Equal([39, 9, 0, 54], "those are getpid, mmap, an upload and setsockopt");
        transport.Writes.Where(bytes => BitConverter.ToInt64(bytes) == 0).Should()
            .OnlyContain(upload => upload.Length == 56 + BitConverter.ToInt64(upload, 24), "an upload brings its bytes along");
    }

    [Fact]
    public async Task What_is_requested_at_once_stays_within_the_window()
    {
        var options = new SysreqClientOptions { MaxRequestBytesInFlight = 1000, MaxReplyBytesInFlight = 5000 };
        await using var client = await Hosts.ConnectAsync(Hosts.Unix, options);
        using var memory = await client.Scratch.RentAsync(100_000);
        var bytes = new byte[memory.Length];
        new Random(2).NextBytes(bytes);
        var batch = new Batch();
        for (var i = 0; i < 100; i++)
            batch.Upload(memory, bytes.AsMemory(i * 1000, 1000), i * 1000);

        var downloads = Enumerable.Range(0, 20).Select(i => batch.Download(memory, 5000, i * 5000)).ToArray();
        await client.SendAsync(batch);

        downloads.SelectMany(download => download.Bytes.ToArray()).Should().Equal(bytes);
    }

    [Fact]
    public async Task Megabytes_both_ways_at_once_block_nobody()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Exec);
        using var memory = await client.Scratch.RentAsync(1 << 20);
        var batch = new Batch();
        var bytes = new byte[memory.Length];
        for (var i = 0; i < 20; i++)
        {
            batch.Upload(memory, bytes);
            batch.Download(memory, memory.Length);
        }

        await client.SendAsync(batch).WaitAsync(TimeSpan.FromMinutes(1));

        batch.Requests.Should().OnlyContain(request => request.Result == memory.Length);
    }

    [Fact]
    public async Task A_large_file_goes_and_comes_in_large_pieces()
    {
        using var folder = new Kuid.TestKit.TempFolder();
        var transport = new RecordingTransport(Hosts.TransportOf(Hosts.Unix));
        await using var client = await SysreqClient.ConnectAsync(transport);
        var system = new RemoteSystem(client);
        var bytes = new byte[8 << 20];
        new Random(3).NextBytes(bytes);

        await system.WriteFileAsync(folder["large"], bytes.Chunk(10_000).Select(chunk => new ReadOnlyMemory<byte>(chunk)).ToAsyncEnumerable());
        var written = client.Completed;
        var read = await system.ReadFileAsync(folder["large"]);

        read.Span.SequenceEqual(bytes).Should().BeTrue();
        written.Should().BeLessThan(30, "a piece is an upload and a write");
        (client.Completed - written).Should().BeLessThan(40, "a piece is a read and a download");
    }

    [Fact]
    public async Task What_a_slow_source_has_is_written_before_it_has_more()
    {
        using var folder = new Kuid.TestKit.TempFolder();
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        var gate = new TaskCompletionSource();

        var writing = new RemoteSystem(client).WriteFileAsync(folder["slow"], Slow());
        await Kuid.TestKit.Eventually.Holds(
            () => File.Exists(folder["slow"]) && File.ReadAllText(folder["slow"]) == "onetwo", "the first pieces were in the file");
        gate.SetResult();
        await writing;

        File.ReadAllText(folder["slow"]).Should().Be("onetwothree");

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Slow()
        {
            yield return "one"u8.ToArray();
            yield return "two"u8.ToArray();
            await gate.Task;
            yield return "three"u8.ToArray();
        }
    }

    [Fact]
    public async Task A_write_that_fails_while_its_source_waits_ends_the_source_and_says_why()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        var ended = false;

        var writing = () => new RemoteSystem(client).WriteFileAsync("/dev/full", Endless(CancellationToken.None));

        (await writing.Should().ThrowAsync<SysreqException>()).Which.ErrnoName.Should().Be("ENOSPC");
        ended.Should().BeTrue();

        async IAsyncEnumerable<ReadOnlyMemory<byte>> Endless([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                yield return "one"u8.ToArray();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                ended = true;
            }
        }
    }

    [Fact]
    public async Task More_files_than_may_be_open_are_read_in_groups()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        var system = new RemoteSystem(client);
        await system.SetLimitAsync(Resource.OpenFiles, new ResourceLimit(40, 40));

        var contents = await ReadAllAsync(system, [.. Enumerable.Repeat<ByteString>("/proc/self/stat", 100)], 1000);

        contents.Should().HaveCount(100).And.OnlyContain(content => content.Error == null && content.Bytes.Length > 10);
    }

    [Fact]
    public async Task A_file_of_which_one_read_gives_only_a_part_is_read_to_its_end()
    {
        await using var client = await Hosts.ConnectAsync(Hosts.Unix);
        var system = new RemoteSystem(client);
        var whole = await system.ReadFileAsync("/proc/kallsyms", 300_000);

        var contents = await ReadAllAsync(system, ["/proc/kallsyms", "/proc/self/comm"], 300_000);

        whole.Length.Should().BeGreaterThan(4096);
        contents[0].Bytes.Span.SequenceEqual(whole.Span).Should().BeTrue();
        contents[0].Truncated.Should().BeTrue();
        contents[1].Truncated.Should().BeFalse();
    }

    private static async Task<List<FileContent>> ReadAllAsync(RemoteSystem system, ByteString[] paths, int limit)
    {
        var contents = new List<FileContent>();
        await foreach (var content in system.ReadFilesAsync(paths, limit))
            contents.Add(content);

        return contents;
    }

    private static string TextOf(FileContent content) => Encoding.UTF8.GetString(content.Bytes.Span);

    /// <summary>A server of ours that does not say so.</summary>
    private sealed class RenamingTransport(ITransport inner) : ITransport
    {
        public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
        {
            var stream = await inner.OpenAsync(cancellationToken);
            await stream.ReadExactlyAsync(new byte[ServerIdent.Length], cancellationToken);
            var banner = Convert.FromHexString("4bb1d7484554ae5ee8a43c652051544f");
            return new WrappedStream(new PrefixedStream(banner, stream), stream);
        }
    }
}
