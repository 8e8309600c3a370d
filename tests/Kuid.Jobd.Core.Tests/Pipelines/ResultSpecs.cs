using System.Text;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Pipelines;

/// <summary>Results as lines of the output, written and read back.</summary>
public sealed class ResultSpecs : IDisposable
{
    private static readonly Column[] Names = [new("name", ValueKind.String)];
    private static readonly Column[] Numbers = [new("number", ValueKind.Int64)];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_result_has_its_columns_and_rows()
    {
        using Job job = NewJob();
        var writer = new ResultWriter(job, TimeProvider.System);
        await Write(writer, host: null, place: 0, Names, new StringValue("a \"b\"\n"), new BytesValue(new byte[] { 0xff }));
        await Write(writer, host: null, place: 1, Numbers, new Int64Value(7), NullValue.Instance);
        await writer.FlushAsync();

        var reader = new ResultReader(job.Output);

        (reader.Results, reader.IsComplete, reader.IsTruncated).Should().Be((2, false, false));
        Text(reader.Columns(0)).Should().Be("""[{"name":"name","kind":"string"}]""");
        Rows(reader, 0).Should().Equal("""["a \"b\"\n"]""", """[{"b64":"/w=="}]""");
        Text(reader.Columns(1)).Should().Be("""[{"name":"number","kind":"int64"}]""");
        Rows(reader, 1).Should().Equal("[7]", "[null]");
        Rows(reader, 2).Should().BeEmpty();
    }

    [Fact]
    public async Task Hosts_that_do_the_same_share_a_result_however_their_rows_alternate()
    {
        using Job job = NewJob();
        var writer = new ResultWriter(job, TimeProvider.System);
        HostSink[] hosts = [new(writer, "a"), new(writer, "b"), new(writer, "c")];
        foreach (HostSink host in hosts)
        {
            await host.BeginAsync(Names);
        }

        await hosts[0].RowAsync(new Value[] { new StringValue("1") });
        await hosts[1].EndAsync();
        await hosts[1].BeginAsync(Numbers);
        await hosts[1].RowAsync(new Value[] { new Int64Value(2) });
        await hosts[2].RowAsync(new Value[] { new StringValue("3") });
        await hosts[0].EndAsync();
        await hosts[0].BeginAsync(Numbers);
        await hosts[1].RowAsync(new Value[] { new Int64Value(4) });
        await hosts[0].RowAsync(new Value[] { new Int64Value(5) });
        await hosts[2].EndAsync();
        await hosts[2].BeginAsync(Names);
        await hosts[2].RowAsync(new Value[] { new StringValue("6") });
        await writer.FlushAsync();

        var reader = new ResultReader(job.Output);

        reader.Results.Should().Be(3, "the third host has other columns in the second place");
        Rows(reader, 0).Should().Equal("""["a","1"]""", """["c","3"]""");
        Rows(reader, 1).Should().Equal("""["b",2]""", """["b",4]""", """["a",5]""");
        Rows(reader, 2).Should().Equal("""["c","6"]""");
    }

    [Fact]
    public async Task Errors_are_records_among_the_results_and_lines_of_stderr()
    {
        using Job job = NewJob();
        var writer = new ResultWriter(job, TimeProvider.System);
        await Write(writer, host: null, place: 0, Names, new StringValue("a"));
        await writer.ErrorAsync(host: null, new ErrorValue("ls", "/nope: no such file or directory", "ENOENT"));
        await writer.ErrorAsync("web1", new ErrorValue("kuid", "gone"));
        await writer.FlushAsync();

        new ResultReader(job.Output).Errors().Select(Text).Should().Equal(
            """{"host":null,"command":"ls","message":"/nope: no such file or directory","errno":"ENOENT"}""",
            """{"host":"web1","command":"kuid","message":"gone","errno":null}""");
        Read(job, OutputStream.Stderr).Should().Be("ls: /nope: no such file or directory\nweb1: kuid: gone\n");
    }

    [Fact]
    public async Task Whatever_is_dropped_the_rows_that_are_left_are_whole_in_their_order_and_under_their_own_result()
    {
        for (int limit = 0; limit < 4000; limit += 13)
        {
            using Job job = NewJob(limit);
            var writer = new ResultWriter(job, TimeProvider.System);
            for (int result = 0; result < 4; result++)
            {
                await Write(writer, host: null, result, Names, [.. Enumerable.Range(0, 25).Select(i => new StringValue($"{result} {new string('x', i)}"))]);
            }

            await writer.FlushAsync();
            job.Output.Complete();

            var reader = new ResultReader(job.Output);
            bool whole = job.Output.Gap(OutputStream.Stdout) is var gap && gap.Start == gap.End;
            (reader.IsComplete, reader.IsTruncated).Should().Be((true, !whole));
            for (int result = 0; result < 4; result++)
            {
                string[] all = [.. Enumerable.Range(0, 25).Select(i => $"[\"{result} {new string('x', i)}\"]")];
                string[] left = Rows(reader, result);
                left.Should().Equal(all.Where(row => left.Contains(row, StringComparer.Ordinal)), "limit {0}", limit);
                left.Length.Should().Be(whole ? 25 : left.Length);
            }

            if (limit > 400)
            {
                reader.Results.Should().Be(4);
                Rows(reader, 0)[0].Should().Be("[\"0 \"]", "the head is kept");
                Rows(reader, 3)[^1].Should().EndWith("xxx\"]", "the tail is kept, and its last line says whose it is");
                Text(reader.Columns(3)).Should().NotBe("[]");
            }
        }
    }

    [Fact]
    public async Task A_line_that_is_not_whole_yet_is_left_out()
    {
        using Job job = NewJob();
        var writer = new ResultWriter(job, TimeProvider.System);
        await Write(writer, host: null, place: 0, Names, new StringValue("a"));
        await writer.FlushAsync();
        job.Output.Append(OutputStream.Stdout, "[\"hal"u8);

        Rows(new ResultReader(job.Output), 0).Should().Equal("""["a"]""");
    }

    [Fact]
    public async Task More_than_is_allowed_asks_the_job_to_end()
    {
        using Job job = NewJob(limit: null, spec => spec with { OutputLimit = 100 });
        var writer = new ResultWriter(job, TimeProvider.System);
        Func<Task> write = async () =>
        {
            await Write(writer, host: null, place: 0, Names, [.. Enumerable.Range(0, 20).Select(_ => new StringValue("0123456789"))]);
            await writer.FlushAsync();
        };

        await write.Should().ThrowAsync<OperationCanceledException>();

        (await job.EndRequested).Should().Be(JobReason.OutputLimit);
    }

    [Fact]
    public async Task A_row_arrives_though_none_follows_it()
    {
        using Job job = NewJob();
        var writer = new ResultWriter(job, TimeProvider.System);
        int result = await writer.BeginAsync(0, Names);
        await writer.RowAsync(result, host: null, new Value[] { new StringValue("alone") });

        (await job.Output.MoreAsync(OutputStream.Stdout, 50, CancellationToken.None).WaitAsync(Reading.Limit)).Should().BeTrue();
    }

    private Job NewJob(long? limit = null, Func<JobSpec, JobSpec>? with = null)
    {
        var space = new SpoolSpace(_folder.Path, 1024 * 1024);
        var job = new Job(1, Specs.Pipeline("ls", with), new OutputLog(space, TimeProvider.System, limit), TimeProvider.System);
        job.TryStart().Should().BeTrue();
        return job;
    }

    private static async Task Write(ResultWriter writer, string? host, int place, Column[] columns, params Value[] values)
    {
        int result = await writer.BeginAsync(place, columns);
        foreach (Value value in values)
        {
            await writer.RowAsync(result, host, new[] { value });
        }

        await writer.EndAsync(result);
    }

    private static string[] Rows(ResultReader reader, int result) => [.. reader.Rows(result).Select(Text)];

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string Read(Job job, OutputStream stream)
    {
        byte[] bytes = new byte[job.Output.Produced(stream)];
        long offset = 0;
        job.Output.Read(stream, ref offset, bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
