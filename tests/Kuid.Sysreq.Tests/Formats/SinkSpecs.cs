using System.Runtime.CompilerServices;
using System.Text;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Formats;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Commands;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Formats;

public sealed class SinkSpecs
{
    private static readonly Column[] Columns = [new("name", ValueKind.String)];

    private readonly MemoryStream _output = new();
    private readonly MemoryStream _errors = new();

    [Fact]
    public async Task Rows_go_out_in_the_format_and_errors_beside_them()
    {
        await using var sink = new StreamSink("jsonl", _output, _errors, isTerminal: false);

        await sink.BeginAsync(Columns);
        await sink.RowAsync(new Value[] { new StringValue("a") });
        await sink.ErrorAsync(new ErrorValue("ls", "/no\u001bpe: no such file or directory", "ENOENT"));
        Written(_output).Should().Be("{\"name\":\"a\"}\n", "what came before an error goes out before it");
        await sink.RowAsync(new Value[] { new StringValue("b") });
        await sink.EndAsync();

        Written(_output).Should().Be("{\"name\":\"a\"}\n{\"name\":\"b\"}\n");
        Written(_errors).Should().Be("ls: /no\\x1bpe: no such file or directory\n");
    }

    [Fact]
    public async Task Several_pipelines_follow_each_other()
    {
        await using var sink = new StreamSink("tsv", _output, _errors, isTerminal: false);

        for (int pipeline = 0; pipeline < 2; pipeline++)
        {
            await sink.BeginAsync(Columns);
            await sink.RowAsync(new Value[] { new StringValue("a") });
            await sink.EndAsync();
        }

        Written(_output).Should().Be("name\na\nname\na\n");
    }

    [Theory]
    [InlineData(false, "\u001b[2Jx", "\u001b[31m!\n")]
    [InlineData(true, "\\x1b[2Jx\n", "\\x1b[31m!\n")]
    public async Task Data_goes_out_as_it_is_but_to_a_terminal(bool isTerminal, string output, string errors)
    {
        await using var sink = new StreamSink("json", _output, _errors, isTerminal);

        await sink.BeginAsync([DataColumn.Instance]);
        await sink.RowAsync(new Value[] { new BytesValue("\u001b[2Jx"u8.ToArray()) });
        await sink.EndAsync();
        await sink.WriteErrorAsync("\u001b[31m!\n"u8.ToArray());

        (Written(_output), Written(_errors)).Should().Be((output, errors));
    }

    [Fact]
    public async Task A_slow_pipeline_shows_what_it_has()
    {
        await using var sink = new StreamSink("table", _output, _errors, isTerminal: true);

        await sink.BeginAsync(Columns);
        await sink.RowAsync(new Value[] { new StringValue("a") });

        await Eventually.Holds(() => Written(_output) == "name\na\n", "the row is shown though no other has come");
        await sink.EndAsync();
        Written(_output).Should().Be("name\na\n");
    }

    [Fact]
    public async Task A_stream_that_takes_no_more_ends_the_pipeline()
    {
        await using var sink = new StreamSink("jsonl", new MemoryStream([], writable: false), _errors, isTerminal: false);

        await sink.BeginAsync(Columns);
        await sink.RowAsync(new Value[] { new StringValue("a") });

        await FluentActions.Awaiting(() => sink.EndAsync().AsTask()).Should().ThrowAsync<Exception>();
    }

    [Fact]
    public void A_format_that_there_is_not_is_refused() =>
        FluentActions.Invoking(() => new StreamSink("xml", _output, _errors, isTerminal: false)).Should().Throw<ArgumentException>()
            .WithMessage("there is no format xml; there are json, jsonl, ruby, table, text, tsv*");

    [Theory]
    [InlineData("jsonl", "{\"n\":1}\n")]
    [InlineData("table", "n\n1\n")]
    public async Task To_passes_on_a_row_before_the_next_one_comes(string format, string first)
    {
        var slow = new Slow();
        await using IAsyncEnumerator<Value[]> data = slow.Then("to", format).ReadAsync(new StageContext(), CancellationToken.None).GetAsyncEnumerator();

        (await data.MoveNextAsync()).Should().BeTrue();
        Encoding.UTF8.GetString(ValueText.BytesOf(data.Current[0]).Span).Should().Be(first);
        slow.IsWaiting.Should().BeTrue();
    }

    [Fact]
    public async Task To_ends_the_stage_before_it_also_within_a_row_that_does_not_come()
    {
        var slow = new Slow();
        await using (IAsyncEnumerator<Value[]> data = slow.Then("to", "jsonl").ReadAsync(new StageContext(), CancellationToken.None).GetAsyncEnumerator())
            await data.MoveNextAsync();

        slow.HasEnded.Should().BeTrue();
    }

    private static string Written(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());

    /// <summary>Gives a row, and then waits until it is cancelled.</summary>
    private sealed class Slow() : OwnRowsSource([new Column("n", ValueKind.Int64)])
    {
        public bool IsWaiting { get; private set; }

        public bool HasEnded { get; private set; }

        public override async IAsyncEnumerable<Value[]> ReadAsync(CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
        {
            try
            {
                yield return [new Int64Value(1)];
                IsWaiting = true;
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            }
            finally
            {
                HasEnded = true;
            }
        }
    }
}
