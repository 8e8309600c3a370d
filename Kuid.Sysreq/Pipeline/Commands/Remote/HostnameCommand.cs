using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>hostname</c>: what the remote system calls itself.</summary>
internal sealed class HostnameCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "hostname";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "hostname",
        Summary = "What the remote system calls itself.",
        Columns = [new("hostname", ValueKind.String)],
        Examples = ["hostname"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return new RemoteRows(this, ReadAsync);
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage)
    {
        yield return [FileColumns.Name(await stage.System.GetHostNameAsync(stage.Cancellation))];
    }
}
