using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Remote;

/// <summary>Some bytes of one of several files.</summary>
internal readonly record struct FileChunk(ByteString Path, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The bytes of files, one after the other. Several ordinary files are read in batches, so that the distance counts a few times and
/// not for each; any other file (a pipe, a terminal) is read only when it is its turn, because reading takes its bytes away and may wait.
/// </summary>
internal static class FileBytes
{
    /// <summary>How much of each file comes in the batch; the rest of a larger one is read piece by piece.</summary>
    private const int BatchedEach = 64 * 1024;

    /// <summary>The bytes, as they come. A file that cannot be read, or not to its end, is reported and left.</summary>
    public static async IAsyncEnumerable<FileChunk> ReadAsync(RemoteStage stage, IReadOnlyList<ByteString> paths)
    {
        foreach (var batch in paths.Chunk(RemoteStage.BatchSize))
        {
            IReadOnlyList<Outcome<FileStatus>> statuses =
                paths.Count == 1 ? [] : await stage.System.StatAllAsync(batch, true, stage.Cancellation);
            for (var next = 0; next < batch.Length;)
            {
                var first = next;
                while (next < statuses.Count && statuses[next] is { Succeeded: true, Value.Kind: FileKind.Regular })
                    next++;

                if (next == first)
                    next++;

                var files = next - first == 1 ? PiecesAsync(stage, batch[first]) : TogetherAsync(stage, batch[first..next]);
                await foreach (var chunk in files)
                    yield return chunk;
            }
        }
    }

    private static async IAsyncEnumerable<FileChunk> TogetherAsync(RemoteStage stage, ByteString[] paths)
    {
        await foreach (var file in stage.System.ReadFilesAsync(paths, BatchedEach, stage.Cancellation))
        {
            if (file.Error is { } error)
                await stage.ReportAsync(file.Path, error);
            else if (!file.Bytes.IsEmpty)
                yield return new FileChunk(file.Path, file.Bytes);

            if (!file.Truncated)
                continue;

            await foreach (var chunk in PiecesAsync(stage, file.Path, skip: file.Bytes.Length))
                yield return chunk;
        }
    }

    /// <param name="skip">How many bytes at its start are known already.</param>
    private static async IAsyncEnumerable<FileChunk> PiecesAsync(RemoteStage stage, ByteString path, int skip = 0)
    {
        await using var chunks = stage.System.ReadChunksAsync(path, stage.Cancellation).GetAsyncEnumerator(stage.Cancellation);
        while (await NextAsync(stage, chunks, path))
        {
            var known = Math.Min(skip, chunks.Current.Length);
            skip -= known;
            if (chunks.Current.Length > known)
                yield return new FileChunk(path, chunks.Current[known..]);
        }
    }

    private static async ValueTask<bool> NextAsync(RemoteStage stage, IAsyncEnumerator<ReadOnlyMemory<byte>> chunks, ByteString path)
    {
        try
        {
            return await chunks.MoveNextAsync();
        }
        catch (SysreqException error)
        {
            await stage.ReportAsync(path, error);
            return false;
        }
    }
}
