namespace Kuid.Sysreq.Remote;

// Calls on many files at once. Each group is one batch: all paths are stored and all calls made in one round trip, and what has
// an answer of unknown length is fetched in a second. Groups are bounded, so that memory is, and descriptors are.
public sealed partial class RemoteSystem
{
    private const int GroupSize = 512;

    /// <summary>Removes many names together; null where it succeeded.</summary>
    public async Task<IReadOnlyList<SysreqException?>> UnlinkAllAsync(
        IReadOnlyList<ByteString> paths, bool directory = false, CancellationToken cancellationToken = default)
    {
        var flags = directory ? RemoveDirectory : 0;
        var errors = new List<SysreqException?>(paths.Count);
        foreach (var group in paths.Chunk(GroupSize))
        {
            var (batch, requests, memory) = await BatchOfAsync(_calls.UnlinkAt, group, 0, (p, _) => [CurrentFolder, p, flags], cancellationToken);
            using (memory)
                await Client.SendAsync(batch, cancellationToken);

            errors.AddRange(requests.Select((request, i) => ErrorOf(_calls.UnlinkAt, group[i], request)));
        }

        return errors;
    }

    /// <summary>What many symbolic links point to.</summary>
    public async Task<IReadOnlyList<Outcome<ByteString>>> ReadLinkAllAsync(
        IReadOnlyList<ByteString> paths, CancellationToken cancellationToken = default)
    {
        var outcomes = new List<Outcome<ByteString>>(paths.Count);
        foreach (var group in paths.Chunk(GroupSize))
        {
            var (batch, requests, memory) = await BatchOfAsync(
                _calls.ReadLinkAt, group, LongestPath, (p, answer) => [CurrentFolder, p, answer, LongestPath], cancellationToken);
            using (memory)
            {
                await Client.SendAsync(batch, cancellationToken);
                var transfers = new Batch();
                var downloads = requests.Select((request, i) => request.Error is not null
                    ? null
                    : transfers.Download(memory, Count(_calls.ReadLinkAt, request.Result, LongestPath), i * LongestPath)).ToArray();
                await Client.SendAsync(transfers, cancellationToken);
                for (var i = 0; i < group.Length; i++)
                {
                    outcomes.Add(downloads[i] is { } download
                        ? new Outcome<ByteString>(new ByteString(download.Bytes))
                        : new Outcome<ByteString>(ErrorOf(_calls.ReadLinkAt, group[i], requests[i])!));
                }
            }
        }

        return outcomes;
    }

    /// <summary>Makes the same call for each path and fetches a structure of known length from each, in one round trip a group.</summary>
    private async Task<List<Outcome<T>>> FilledAllAsync<T>(
        SystemCall call,
        IReadOnlyList<ByteString> paths,
        int length,
        Func<long, long, long[]> arguments,
        Func<ReadOnlyMemory<byte>, T> decode,
        CancellationToken cancellationToken)
    {
        var outcomes = new List<Outcome<T>>(paths.Count);
        foreach (var group in paths.Chunk(GroupSize))
        {
            var (batch, requests, memory) = await BatchOfAsync(call, group, length, arguments, cancellationToken);
            using (memory)
            {
                var download = batch.Download(memory, group.Length * length);
                await Client.SendAsync(batch, cancellationToken);
                for (var i = 0; i < group.Length; i++)
                {
                    var bytes = download.Bytes.Slice(i * length, length);
                    outcomes.Add(ErrorOf(call, group[i], requests[i]) is { } error
                        ? new Outcome<T>(error)
                        : new Outcome<T>(Decode(() => decode(bytes))));
                }
            }
        }

        return outcomes;
    }

    /// <summary>
    /// The same call for each path. The memory has the answers first, <paramref name="answerLength"/> bytes each, then the paths one
    /// after the other, which are stored by a single upload.
    /// </summary>
    private async Task<(Batch Batch, Request[] Requests, ScratchLease Memory)> BatchOfAsync(
        SystemCall call,
        ByteString[] paths,
        int answerLength,
        Func<long, long, long[]> arguments,
        CancellationToken cancellationToken)
    {
        byte[] names = [.. paths.SelectMany(Terminated)];
        var answers = paths.Length * answerLength;
        var memory = await Client.Scratch.RentAsync(answers + names.Length, cancellationToken);
        var batch = new Batch();
        batch.Upload(memory, names, answers);
        var requests = new Request[paths.Length];
        var name = memory.Address + answers;
        for (var i = 0; i < paths.Length; i++)
        {
            requests[i] = batch.Call(call, arguments(name, memory.Address + (i * answerLength)));
            name += paths[i].Length + 1;
        }

        return (batch, requests, memory);
    }

    private static SysreqException? ErrorOf(SystemCall call, ByteString path, Request request) =>
        request.Error is { } error ? new SysreqException(call.Name, Quoted(path), error) : null;
}
