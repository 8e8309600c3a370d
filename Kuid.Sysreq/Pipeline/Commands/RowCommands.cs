using Kuid.Sysreq.Pipeline.Commands.Rows;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The commands that work on rows and know no remote system.</summary>
public static class RowCommands
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new BasenameCommand(),
        new CountCommand(),
        new DescribeCommand(),
        new EachCommand(),
        new EchoCommand(),
        new FromCommand(),
        new GetCommand(),
        new GrepCommand(),
        new GroupCommand(),
        new HeadCommand("first", count: 1),
        new HeadCommand("head", count: 10),
        new LinesCommand(),
        new AggregateCommand("avg", "The mean", "That of integers is a float; without a value it is null."),
        new AggregateCommand("max", "The greatest value", "Values are in the order of sort; without a value it is null."),
        new AggregateCommand("min", "The least value", "Values are in the order of sort; without a value it is null."),
        new AggregateCommand("sum", "The sum", "That of sizes is a size, of durations a duration; without a value it is 0."),
        new PrintCommand(),
        new RenameCommand(),
        new SelectCommand(),
        new SortCommand(),
        new TailCommand("last", count: 1),
        new TailCommand("tail", count: 10),
        new ToCommand(),
        new UniqCommand(),
        new WcCommand(),
        new WhereEntry(),
    ];
}
