namespace Kuid.Sockproc.Tests.Requests;

// Rows 62, 63, 68 to 71, 75 and 78: where the original cut, mixed up or went on, and what a request is here.
public sealed class TakenRequestSpecs(Doors doors)
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData(2040)]
    [InlineData(2043)]
    [InlineData(2044)]
    [InlineData(2045)]
    public Task Row_62_a_command_as_long_as_the_originals_buffer_runs_and_its_reply_is_whole(int length) => Echoes(length);

    [Theory]
    [InlineData(2046)]
    [InlineData(2047)]
    [InlineData(64 * 1024)]
    [InlineData(131_071)]
    public Task Row_63_a_command_beyond_the_originals_buffer_runs_as_it_was_sent(int length) => Echoes(length);

    [Fact]
    public async Task Row_64_a_line_without_end_is_refused_within_bounded_memory()
    {
        // A deadline would answer before the limit does where the client is slow to begin.
        await using TestDaemon daemon = await TestDaemon.Start(["--sockproc-header-seconds", "600"]);
        await daemon.Run("echo warm");
        long before = ProcessTable.PeakResidentBytes(daemon.Pid);
        using SockprocClient client = await daemon.Connect();

        await client.Send(new string('x', 200 * (int)MiB));

        (await client.ReadReply()).Error.Should().Contain("longer than 131071 bytes");
        (ProcessTable.PeakResidentBytes(daemon.Pid) - before).Should().BeLessThan(64 * MiB);
    }

    [Fact]
    public async Task Row_68_a_count_with_zeros_in_front_is_that_number()
    {
        using SockprocClient client = await doors.Unix.Connect();
        await client.Send("cat\r\n003\r\nabc");

        (await client.ReadReply()).Text.Should().Be("abc");
    }

    [Fact]
    public async Task Row_69_ten_gigabytes_that_are_announced_are_streamed_and_take_no_memory()
    {
        const int Sent = 300;
        await using TestDaemon daemon = await TestDaemon.Start();
        await daemon.Run("cat", new byte[MiB]);
        long before = ProcessTable.PeakResidentBytes(daemon.Pid);
        using SockprocClient client = await daemon.Connect();
        await client.Send("wc -c > counted\r\n10000000000\r\n");
        for (int i = 0; i < Sent; i++)
        {
            await client.Send(new byte[MiB]);
        }

        client.HalfClose();

        (await client.ReadReply()).Error.Should().Contain("before all of stdin had arrived");
        (ProcessTable.PeakResidentBytes(daemon.Pid) - before).Should().BeLessThan(64 * MiB);
    }

    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Row_70_a_job_gets_as_many_bytes_as_were_announced_and_no_more(Transport transport)
    {
        using SockprocClient client = await doors[transport].Connect();
        await client.Send("cat\r\n3\r\nabcdef");

        (await client.ReadReply()).Text.Should().Be("abc");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Row_71_stdin_that_ends_before_what_was_announced_ends_the_job_and_its_record_says_so(bool tcp)
    {
        await using TestDaemon daemon = await TestDaemon.Start(tcp: tcp);
        using SockprocClient client = await daemon.Connect();
        await client.Send("cat > got; sleep 300; touch ran\r\n10\r\nabc");
        client.HalfClose();

        Reply reply = await client.ReadReply();

        reply.Status.Should().Be(-1);
        reply.Error.Should().Contain("before all of stdin had arrived; the command was ended");
        await Eventually.Holds(
            async () => (await RecordedJobs.Of(daemon)).Any(job => job.GetProperty("reason").GetString() == "stdin"), "the history has it");
        File.Exists(daemon.Folder["ran"]).Should().BeFalse();
    }

    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Row_75_a_command_of_several_lines_is_a_script(Transport transport)
    {
        (await doors[transport].Run("x=one\necho $x\nprintf 'a\rb'\nif true\nthen echo two\nfi")).Text.Should().Be("one\na\rbtwo\n");
    }

    [Theory]
    [InlineData(Transport.Unix)]
    [InlineData(Transport.Tcp)]
    public async Task Row_78_a_second_request_on_a_connection_is_not_run(Transport transport)
    {
        string marker = doors[transport].Folder["second-ran"];
        using SockprocClient client = await doors[transport].Connect();
        await client.Send($"cat\r\n5\r\nfirsttouch {marker}\r\n0\r\n");

        (await client.ReadReply()).Text.Should().Be("first");
        (await doors[transport].Run("true")).Status.Should().Be(0);
        File.Exists(marker).Should().BeFalse();
    }

    // The end of the command is its output, so a cut or a wrong byte anywhere shows.
    private async Task Echoes(int length)
    {
        const string Head = "printf %s ";
        string word = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))))[..(length - Head.Length)];

        Reply reply = await doors.Unix.Run(Head + word);

        (reply.Status, reply.Text, reply.Error).Should().Be((0, word, string.Empty));
    }
}
