using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>jobs</c>: what runs in the background.</summary>
internal sealed class JobsCommand : Command
{
    private static readonly IReadOnlyList<Column> Columns =
    [
        new Column("id", ValueKind.Int64),
        new Column("state", ValueKind.String),
        new Column("status", ValueKind.Int64),
        new Column("command", ValueKind.String),
    ];

    /// <inheritdoc/>
    public override string Name => "jobs";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "jobs",
        Summary = "The background jobs of this shell that nobody has waited for.",
        Remarks = "state is running or ended; status is null for one that runs.",
        Columns = Columns,
        Examples = ["jobs | where state == 'running'"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return ShellRows.Of(Columns, context => [.. context.Shell.Jobs.Inherited.Concat(context.Shell.Jobs.All).Select(job => (Value[])
        [
            new Int64Value(job.Id),
            new StringValue(job.Completion.IsCompleted ? "ended" : "running"),
            job.Completion.IsCompletedSuccessfully ? new Int64Value(job.Completion.Result) : NullValue.Instance,
            new StringValue(job.Source),
        ])]);
    }
}
