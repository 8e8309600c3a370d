using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>env</c>: the variables that remote programs get.</summary>
internal sealed class EnvCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "env";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "env",
        Summary = "The variables that remote programs get, by name: those that were exported.",
        Columns = [new("name", ValueKind.String), new("value", ValueKind.String)],
        Examples = ["env", "env | grep name PATH"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        foreach (var (name, value) in stage.Context.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
            yield return [new StringValue(name), new StringValue(value)];

        await Task.CompletedTask;
    }
}
