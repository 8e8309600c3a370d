using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>cat</c>: the bytes of files.</summary>
internal sealed class CatCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "cat";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "cat [FILE...]",
        Summary = "The bytes of files, one after the other; without a FILE, the rows of the stage before.",
        Columns = [DataColumn.Instance],
        Examples = ["cat /etc/passwd | grep root", "cat /etc/hosts | lines | head 3"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        if (arguments.Operands.Count == 0 && call.Input is { Columns.Count: > 0 } input && !call.AwaitsArguments)
            return input;

        arguments.NeedAtLeast(1, "FILE");
        var paths = arguments.Paths();
        return new RemoteRows(this, stage => ReadAsync(stage, paths));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, IReadOnlyList<ByteString> paths)
    {
        await foreach (var chunk in FileBytes.ReadAsync(stage, paths))
            yield return [new BytesValue(chunk.Bytes)];
    }
}
