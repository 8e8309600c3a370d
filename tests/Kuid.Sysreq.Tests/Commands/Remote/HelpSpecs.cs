using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Tests.Commands.Remote;

/// <summary>What the commands say of themselves, which help, completion and the reference are made of.</summary>
public sealed class HelpSpecs
{
    public static TheoryData<string> Names => new(SystemCommands.All.Select(command => command.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_complete(string name)
    {
        var help = Find(name).Help;

        help.Synopsis.Split(' ')[0].Should().Be(name);
        help.Summary.Should().EndWith(".");
        help.Remarks.Should().Match(remarks => remarks == "" || remarks.EndsWith('.'));
        help.Examples.Should().NotBeEmpty().And.OnlyContain(example => example.Contains(name, StringComparison.Ordinal));
        help.Columns.Concat(help.OnDemand).Select(column => column.Name).Should().OnlyHaveUniqueItems();
        foreach (var (option, meaning) in help.Options)
        {
            help.Synopsis.Should().Contain(option.Split(' ')[0] == "-s" && name == "kill" ? "-SIGNAL" : $"[{option}]");
            meaning.Should().NotBeEmpty();
        }
    }

    /// <summary>That is what xargs does to learn them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Its_columns_are_known_before_its_arguments_are(string name)
    {
        var input = new GivenRowsSource([DataColumn.Instance], []);

        var source = new StageCall(name) { AwaitsArguments = true, Input = input }.Bind();

        source.Columns.Should().Equal(name == "tee" ? input.Columns : Find(name).Help.Columns);
        source.OnDemand.Should().Equal(Find(name).Help.OnDemand);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_column_on_demand_stands_behind_the_shown_ones_in_the_order_of_asking(string name)
    {
        var help = Find(name).Help;
        var source = new StageCall(name) { AwaitsArguments = true, Input = new GivenRowsSource([DataColumn.Instance], []) }.Bind();

        foreach (var (column, place) in help.OnDemand.Reverse().Select((column, place) => (column, place)))
        {
            source.Find(column.Name).Should().Be((help.Columns.Count + place, column));
            source.Find(column.Name).Should().Be((help.Columns.Count + place, column), "it was asked for before");
        }

        source.Find("no such column").Should().BeNull();
    }

    private static Command Find(string name) => SystemCommands.All.Single(command => command.Name == name);
}
