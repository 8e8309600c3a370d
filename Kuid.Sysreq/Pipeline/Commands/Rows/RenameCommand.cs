using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>rename</c>: other names for columns.</summary>
internal sealed class RenameCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "rename";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "rename OLD NEW [OLD NEW...]",
        Summary = "Other names for columns; the rows stay as they are.",
        Remarks = "A column on demand can be renamed too, and stays on demand.",
        ColumnsRemark = "those of its input, by their new names",
        Examples = ["ps | xargs pstat | rename comm command | select pid command", "ls | rename size bytes | where bytes > 1MB"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(2, "OLD and NEW");
        RowSource input = arguments.Input;
        if (arguments.Operands.Count % 2 != 0)
        {
            string last = VisibleText.Of(ArgumentReader.Text(arguments.Operands[^1]));
            throw arguments.Refusal($"takes pairs of OLD and NEW: {last} has no pair", arguments.Operands[^1]);
        }

        var newNames = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Argument[] pair in arguments.Operands.Chunk(2))
        {
            string old = ArgumentReader.Text(pair[0]);
            if (!input.Columns.Concat(input.OnDemand).Any(column => column.Name == old))
                arguments.Column(pair[0]);

            if (!newNames.TryAdd(old, ArgumentReader.Text(pair[1])))
                throw arguments.Refusal($"{VisibleText.Of(old)} is renamed twice", pair[0]);
        }

        var renamed = new RenamedSource(input, newNames);
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? twice = renamed.Columns.Concat(renamed.OnDemand).Select(column => column.Name).FirstOrDefault(name => !names.Add(name));
        return twice is null ? renamed : throw arguments.Refusal($"there would be two columns {VisibleText.Of(twice)}");
    }

    private sealed class RenamedSource(RowSource input, Dictionary<string, string> newNames) : PassThroughSource(input)
    {
        public override IReadOnlyList<Column> Columns { get; } = [.. input.Columns.Select(column => Renamed(column, newNames))];

        public override IReadOnlyList<Column> OnDemand { get; } = [.. input.OnDemand.Select(column => Renamed(column, newNames))];

        public override (int Index, Column Column)? Find(string name)
        {
            string? old = newNames.FirstOrDefault(pair => pair.Value == name).Key ?? (newNames.ContainsKey(name) ? null : name);
            return old is not null && Input.Find(old) is { } found ? (found.Index, found.Column with { Name = name }) : null;
        }

        public override IAsyncEnumerable<Value[]> ReadAsync(CommandContext context, CancellationToken cancellation) =>
            Input.ReadAsync(context, cancellation);

        private static Column Renamed(Column column, Dictionary<string, string> newNames) =>
            newNames.TryGetValue(column.Name, out string? name) ? column with { Name = name } : column;
    }
}
