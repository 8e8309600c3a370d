using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary><c>cmp</c>: whether two files have the same bytes.</summary>
internal sealed class CmpCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "cmp";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "cmp FILE FILE",
        Summary = "Whether two files have the same bytes, and else how many they have in common before the first that differs.",
        Remarks = "diff is null when they are the same. The status is 1 when they differ.",
        Columns = [new("same", ValueKind.Bool), new("diff", ValueKind.UInt64)],
        Examples = ["cmp old new", "if cmp a b; then echo alike; fi"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedExactly("FILE", "FILE");
        var paths = arguments.Paths();
        return new RemoteRows(this, stage => ReadAsync(stage, paths[0], paths[1]));
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(RemoteStage stage, ByteString first, ByteString second)
    {
        await using var left = new Cursor(stage, first);
        await using var right = new Cursor(stage, second);
        var position = 0UL;
        while (true)
        {
            var ended = !await left.FillAsync();
            if (ended | !await right.FillAsync())
            {
                yield return Row(stage, left.Bytes.IsEmpty && right.Bytes.IsEmpty, position);
                yield break;
            }

            var common = Math.Min(left.Bytes.Length, right.Bytes.Length);
            var equal = left.Bytes.Span[..common].CommonPrefixLength(right.Bytes.Span[..common]);
            position += (ulong)equal;
            if (equal < common)
            {
                yield return Row(stage, same: false, position);
                yield break;
            }

            left.Take(common);
            right.Take(common);
        }
    }

    private static Value[] Row(RemoteStage stage, bool same, ulong position)
    {
        stage.Context.Status = same ? 0 : 1;
        return [new BoolValue(same), same ? NullValue.Instance : new UInt64Value(position)];
    }

    /// <summary>A file and what of it has come and is not compared yet.</summary>
    private sealed class Cursor(RemoteStage stage, ByteString path) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<ReadOnlyMemory<byte>> _chunks =
            stage.System.ReadChunksAsync(path, stage.Cancellation).GetAsyncEnumerator(stage.Cancellation);

        public ReadOnlyMemory<byte> Bytes { get; private set; }

        /// <summary>Waits for bytes; false at the end of the file.</summary>
        public async ValueTask<bool> FillAsync()
        {
            while (Bytes.IsEmpty)
            {
                if (!await RemoteStage.TryAsync(path, _ => _chunks.MoveNextAsync().AsTask()))
                    return false;

                Bytes = _chunks.Current;
            }

            return true;
        }

        public void Take(int count) => Bytes = Bytes[count..];

        public ValueTask DisposeAsync() => _chunks.DisposeAsync();
    }
}
