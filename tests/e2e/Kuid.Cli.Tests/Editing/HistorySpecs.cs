using Kuid.Cli.Editing;

namespace Kuid.Cli.Tests.Editing;

public sealed class HistorySpecs
{
    [Fact]
    public void A_text_is_kept_once_where_it_was_last()
    {
        var history = new History(["a", "b", "a", "c"]);

        history.Entries.Should().Equal("b", "a", "c");
        history.Add("c").Should().BeFalse();
        history.Add("b").Should().BeTrue();
        history.Entries.Should().Equal("a", "c", "b");
    }

    [Fact]
    public void Changes_to_entries_last_until_the_line_is_entered()
    {
        var history = new History(["one", "two"]);
        history.BeginLine();

        history.Move(-1, "new").Should().Be("two");
        history.Move(-1, "two changed").Should().Be("one");
        history.Move(-1, "one").Should().BeNull();
        history.Move(1, "one").Should().Be("two changed");
        history.Move(1, "two changed").Should().Be("new");
        history.Move(1, "new").Should().BeNull();

        history.BeginLine();
        history.Move(-1, "").Should().Be("two");
    }

    [Fact]
    public void Ten_thousand_are_kept()
    {
        var history = new History(Enumerable.Range(0, 10_005).Select(i => $"{i}"));
        history.Add("new");

        history.Entries.Should().HaveCount(10_000).And.StartWith("6").And.EndWith("new");
    }

    [Fact]
    public void The_file_is_its_owners_and_keeps_texts_of_several_lines()
    {
        using var folder = new TempFolder();
        string path = folder["state/kuid/shell_history"];
        string[] entries = ["ls", "for x in 1\ndo\techo '\\n'\ndone", @"a\\nb\", "漢"];
        foreach (string entry in entries)
        {
            new HistoryFile(path).Append(entry);
        }

        new HistoryFile(path).Read().Should().Equal(entries);
        File.ReadAllLines(path).Should().HaveCount(4);
        File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_file_that_has_grown_long_is_shortened_and_loses_nothing_that_is_added_meanwhile()
    {
        using var folder = new TempFolder();
        string path = folder["h"];
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, 12_000).Select(i => $"{i % 10_500}"), TestContext.Current.CancellationToken);

        Task reading = Task.Run(() => new HistoryFile(path).Read());
        Task adding = Task.Run(() => new HistoryFile(path).Append("added"));
        await Task.WhenAll(reading, adding);

        IReadOnlyList<string> entries = new HistoryFile(path).Read();
        entries.Should().HaveCountLessThan(11_000).And.Contain("added").And.Contain("1499");
        File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
