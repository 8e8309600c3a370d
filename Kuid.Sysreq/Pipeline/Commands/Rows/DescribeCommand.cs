using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>describe</c>: the columns of its input.</summary>
internal sealed class DescribeCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "describe";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "describe",
        Summary = "The columns of its input, each with its kind, those on demand last.",
        Remarks = "The stages before it do not run.",
        Columns = [new("column", ValueKind.String), new("kind", ValueKind.String), new("on_demand", ValueKind.Bool)],
        Examples = ["ls | describe", "ls | describe | where on_demand"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.TakeAtMost(0);
        RowSource input = arguments.Input;
        IEnumerable<Value[]> rows = input.Columns.Select(column => Row(column, isOnDemand: false))
            .Concat(input.OnDemand.Select(column => Row(column, isOnDemand: true)));
        return new GivenRowsSource(Help.Columns, rows);
    }

    private static Value[] Row(Column column, bool isOnDemand) =>
        [new StringValue(column.Name), new StringValue(ValueKinds.Word(column.Kind)), new BoolValue(isOnDemand)];
}
