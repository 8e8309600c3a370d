using Kuid.Cli.Editing;

namespace Kuid.Cli.Tests.Editing;

public sealed class LineLayoutSpecs
{
    [Theory]
    [InlineData("", 0, "p>", 0, 2)]
    [InlineData("abc", 1, "p>abc", 0, 3)]
    [InlineData("abcdef", 6, "p>abcdef⏎", 1, 0)]
    [InlineData("abcdefg", 7, "p>abcdef⏎g", 1, 1)]
    [InlineData("abcdefg", 6, "p>abcdef⏎g", 1, 0)]
    [InlineData("ab\ncd", 3, "p>ab/c>cd", 1, 2)]
    [InlineData("abcdef\ng", 6, "p>abcdef/c>g", 0, 7)]
    [InlineData("漢字漢字", 3, "p>漢字漢⏎字", 1, 0)]
    [InlineData("a漢字漢", 3, "p>a漢字⏎漢", 1, 0)]
    [InlineData("e\u0301x", 2, "p>e\u0301x", 0, 3)]
    [InlineData("a\tb", 2, "p>a^Ib", 0, 5)]
    public void Everything_has_its_place_on_a_screen_of_eight_columns(string text, int cursor, string rows, int row, int column)
    {
        LineLayout layout = LineLayout.Of("p>", "c>", text, cursor, width: 8);

        string.Concat(layout.Rows.Select(r => r.Text + (r.GoesOn ? "⏎" : "/"))).TrimEnd('/').Should().Be(rows);
        (layout.CursorRow, layout.CursorColumn).Should().Be((row, column));
    }

    [Fact]
    public void A_list_has_columns_that_are_read_from_top_to_bottom()
    {
        CandidateList.Render(["a", "bbb", "c", "漢", "e"], width: 12).Should().Be("a    漢\r\nbbb  e\r\nc\r\n");
        CandidateList.Render([.. Enumerable.Range(0, 300).Select(i => $"name{i}")], 80).Should().EndWith("and 100 more\r\n");
    }
}
