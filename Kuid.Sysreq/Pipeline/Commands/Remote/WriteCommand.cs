using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>write</c>: puts data into files.</summary>
internal sealed class WriteCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "write";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "write [-a] DATA FILE...",
        Summary = "Puts DATA, and nothing more, into files: they are made, or lose what they had.",
        Options = [("-a", "behind what they have")],
        Examples = ["write 1 /proc/sys/net/ipv4/ip_forward", "write $'one\\ntwo\\n' notes"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        if (arguments.Operands.Count < 2 && !call.AwaitsArguments)
            throw arguments.Refusal("needs DATA and at least one FILE");

        var data = arguments.OperandAt(0) is { } operand ? ValueText.BytesOf(operand.Value) : default;
        var paths = arguments.Paths(1);
        var append = arguments.Has("-a");
        return RemoteRows.None(this, stage => stage.ForEachAsync(paths, path => stage.System.WriteFileAsync(
            path, new[] { data }.ToAsyncEnumerable(), append, cancellationToken: stage.Cancellation)));
    }
}
