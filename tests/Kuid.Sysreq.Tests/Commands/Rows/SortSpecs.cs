using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands.Rows;

public sealed class SortSpecs
{
    [Fact]
    public async Task Without_columns_rows_are_ordered_by_all_of_them() =>
        (await Stages.Rows("a b:int64", ["y", 1], ["x", 10], ["x", 9]).Then("sort").TextsAsync()).Should().Equal("x,9", "x,10", "y,1");

    [Fact]
    public async Task Rows_that_are_equal_stay_as_they_came_also_the_other_way_round()
    {
        RowSource rows = Stages.Rows("k n", ["b", "1"], ["a", "2"], ["b", "3"], ["a", "4"]);

        (await rows.Then("sort", "k").TextsAsync()).Should().Equal("a,2", "a,4", "b,1", "b,3");
        (await rows.Then("sort", "-r", "k").TextsAsync()).Should().Equal("b,1", "b,3", "a,2", "a,4");
    }

    [Fact]
    public async Task Text_is_ordered_by_the_number_that_it_begins_with_when_asked_to()
    {
        RowSource rows = Stages.Only("a", "10 b", "9", "-1.5", "none", " 9.5", "100000000000000000000");

        (await rows.Then("sort", "-n").TextsAsync()).Should().Equal("none", "-1.5", "9", " 9.5", "10 b", "100000000000000000000");
        (await rows.Then("sort", "-rn", "a").TextsAsync()).Should().Equal("100000000000000000000", "10 b", " 9.5", "9", "-1.5", "none");
    }

    [Fact]
    public async Task Text_of_a_file_is_sorted_by_lines()
    {
        RowSource sorted = Stages.Data("b\nc", "c\na\n").Then("sort");

        sorted.Names().Should().Equal("line");
        (await sorted.TextsAsync()).Should().Equal("a", "b", "cc");
    }

    [Fact]
    public async Task More_than_memory_is_for_is_refused_with_a_sentence()
    {
        string large = new('x', 1 << 20);
        var endless = new GivenRowsSource([new Column("a", ValueKind.String)], Enumerable.Repeat<Value[]>([new StringValue(large)], int.MaxValue));

        Func<Task> reading = () => endless.Then("sort").ReadAsync();

        (await reading.Should().ThrowAsync<CommandException>())
            .WithMessage("there is more than 256 MiB to keep in memory; let less of it come, by where, head or select");
    }

    [Fact]
    public async Task Sorting_ends_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        IAsyncEnumerable<Value[]> sorted = new GivenRowsSource([new Column("a", ValueKind.Int64)], ThenCancelled(cancellation))
            .Then("sort")
            .ReadAsync(new StageContext(), cancellation.Token);

        Func<Task> reading = async () => await sorted.GetAsyncEnumerator(cancellation.Token).MoveNextAsync();

        await reading.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public void An_option_that_there_is_not_is_refused_with_those_that_there_are() =>
        Stages.Refusal(Stages.Only("a"), "sort", "-rz").Should().Be(("there is no option -z; there are -r and -n", "-rz"));

    [Fact]
    public void An_option_behind_a_column_is_no_option() =>
        Stages.Refusal(Stages.Only("a"), "sort", "a", "-r").Should().Be(("the input has no column -r; it has a", "-r"));

    private static IEnumerable<Value[]> ThenCancelled(CancellationTokenSource cancellation)
    {
        yield return [new Int64Value(2)];
        yield return [new Int64Value(1)];
        cancellation.Cancel();
    }
}
