namespace Kuid.Sysreq.Tests.Commands.Rows;

public sealed class SelectSpecs
{
    [Fact]
    public async Task Columns_come_in_the_order_in_which_they_are_named()
    {
        var selected = Stages.Rows("a b c", ["1", "2", "3"], ["4", "5", "6"]).Then("select", "c", "a");

        selected.Names().Should().Equal("c", "a");
        (await selected.TextsAsync()).Should().Equal("3,1", "6,4");
    }

    [Fact]
    public async Task A_column_on_demand_is_fetched_once_however_many_stages_name_it()
    {
        var entries = new Entries(("a", 10), ("b", 3000), ("c", 2000), ("d", 4000));

        var pipeline = Conditions.Where(entries, Conditions.Greater("size", "1", "KB"))
            .Then("sort", "-r", "size")
            .Then("head", "2")
            .Then("select", "name", "size");

        (await pipeline.TextsAsync()).Should().Equal("d,4000", "b,3000");
        entries.DemandedNames.Should().Equal("size");
    }

    [Fact]
    public async Task What_nobody_names_is_not_fetched_and_not_shown()
    {
        var entries = new Entries(("b", 1), ("a", 2));

        var sorted = entries.Then("sort");

        (await sorted.TextsAsync()).Should().Equal("a,2", "b,1");
        entries.DemandedNames.Should().BeEmpty();
    }

    [Fact]
    public void Behind_select_only_its_own_columns_are_there() =>
        Stages.Refusal(new Entries().Then("select", "name"), "sort", "size")
            .Should().Be(("the input has no column size; it has name", "size"));

    [Fact]
    public void A_column_that_there_is_not_is_refused_with_those_that_there_are() =>
        Stages.Refusal(new Entries(), "select", "name", "sizee")
            .Should().Be(("the input has no column sizee (did you mean size?); it has name and inode, and on demand size and mode", "sizee"));

    [Fact]
    public void A_column_named_twice_is_refused() =>
        Stages.Refusal(new Entries(), "select", "name", "name").Should().Be(("name is named twice", "name"));

    [Fact]
    public void Without_columns_it_is_refused() =>
        Stages.Refusal(new Entries(), "select").Should().Be(("needs at least one COLUMN", "select"));

    [Fact]
    public void Without_rows_it_is_refused() =>
        Stages.Refusal(null, "select", "name").Should().Be(("needs rows to work on, as in ls | select", "select"));

    [Fact]
    public void An_option_is_refused_and_the_command_has_none() =>
        Stages.Refusal(new Entries(), "select", "-r", "name").Should().Be(("there is no option -r; select has none", "-r"));
}
