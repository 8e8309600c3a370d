using System.Text;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands.Rows;

public sealed class TextCommandSpecs
{
    [Fact]
    public async Task Lines_are_put_together_from_stretches_cut_anywhere()
    {
        RowSource lines = Stages.Data("on", "e\n", "\ntw", "o\r", "\nthr\ree").Then("lines");

        lines.Columns.Should().Equal(new Column("line", ValueKind.String));
        (await lines.TextsAsync()).Should().Equal("one", "", "two", "thr\ree");
    }

    [Fact]
    public async Task A_line_that_is_no_text_stays_the_bytes_that_it_is() =>
        (await Stages.Data("caf\u00e9\nx").Then("lines").ReadAsync())[0][0].Should().Be(new BytesValue(Encoding.Latin1.GetBytes("caf\u00e9")));

    [Fact]
    public async Task A_value_of_another_kind_is_a_text_of_its_own() =>
        (await Stages.Rows("n:int64 t", [1, "a\nb"], [2, "c"]).Then("lines", "t").TextsAsync()).Should().Equal("a", "b", "c");

    [Fact]
    public void Lines_of_which_column_must_be_said_where_there_are_several() =>
        Stages.Refusal(Stages.Rows("a b"), "lines").Should().Be(("needs the COLUMN that has the text; the input has a and b", "lines"));

    [Fact]
    public async Task A_line_without_an_end_is_refused_before_it_fills_memory()
    {
        var endless = new GivenRowsSource([DataColumn.Instance], Enumerable.Repeat<Value[]>([new BytesValue(new byte[1 << 20])], int.MaxValue));

        Func<Task> reading = () => endless.Then("lines").ReadAsync();

        (await reading.Should().ThrowAsync<CommandException>()).WithMessage("a line is longer than 16 MiB");
    }

    [Fact]
    public async Task Echo_joins_its_arguments_and_knows_no_options()
    {
        RowSource echo = Stages.Bind(null, "echo", false, "-n", "a b", "c");

        echo.Names().Should().Equal("string");
        (await echo.TextsAsync()).Should().Equal("-n a b c");
        (await Stages.Bind(null, "echo", false).TextsAsync()).Should().Equal("");
    }

    [Fact]
    public async Task Echo_keeps_bytes_that_are_no_text() =>
        (await Stages.Bind(null, "echo", false, "a", new byte[] { 0xFF }).ReadAsync())[0][0].Should().Be(new BytesValue(new byte[] { (byte)'a', (byte)' ', 0xFF }));

    [Fact]
    public async Task Echo_without_arguments_behind_a_pipe_lets_rows_pass() =>
        (await Stages.Only("a", "1", "2").Then("echo").TextsAsync()).Should().Equal("1", "2");

    [Fact]
    public async Task Print_gives_a_row_for_each_argument() =>
        (await Stages.Bind(null, "print", false, "a", "-x", "b c").TextsAsync()).Should().Equal("a", "-x", "b c");

    [Theory]
    [InlineData("/usr/lib/os-release", "os-release")]
    [InlineData("/usr/lib/", "lib")]
    [InlineData("name", "name")]
    [InlineData("//", "/")]
    [InlineData("", "")]
    public async Task Basename_is_the_last_name(string path, string name) =>
        (await Stages.Bind(null, "basename", false, path).TextsAsync()).Should().Equal(name);

    [Fact]
    public void Basename_needs_a_path() => Stages.Refusal(null, "basename").Should().Be(("needs at least one PATH", "basename"));

    [Theory]
    [InlineData("", "2,3,14")]
    [InlineData("-l", "2")]
    [InlineData("-c -w", "3,14")]
    public async Task Wc_counts_the_text_of_a_file(string options, string expected) =>
        (await Stages.Data("one tw", "o\nthree\n").Then("wc", options.Split(' ', StringSplitOptions.RemoveEmptyEntries)).TextsAsync())
            .Should().Equal(expected);

    [Fact]
    public async Task Wc_counts_rows_as_the_lines_that_they_would_be() =>
        (await Stages.Rows("a b", ["x", "y z"], ["", "w"]).Then("wc").TextsAsync()).Should().Equal("2,4,9");

    [Fact]
    public void Wc_takes_no_arguments() => Stages.Refusal(Stages.Data(), "wc", "/etc/passwd").Should().Be(("takes no arguments: /etc/passwd is too much", "/etc/passwd"));
}
