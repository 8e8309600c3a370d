namespace Kuid.Sysreq.Remote;

/// <summary>
/// The three pipes between the server and a program that it started. The server's ends do not block, so that one connection can serve
/// all three; the program's ends do, as programs expect.
/// </summary>
internal sealed class ProgramPipes
{
    private const int CloseOnExec = 0x80000;
    private const int SetStatusFlags = 4;
    private const int NonBlocking = 0x800;
    private const int DuplicateCloseOnExec = 1030;

    private readonly SysreqClient _client;
    private readonly SystemCalls _calls;
    private readonly HashSet<int> _open = [];

    private ProgramPipes(SysreqClient client)
    {
        this._client = client;
        _calls = client.Architecture.Calls;
    }

    /// <summary>The program's ends: its descriptors 0, 1 and 2.</summary>
    public int[] Theirs { get; } = [-1, -1, -1];

    /// <summary>The server's ends of the same.</summary>
    public int[] Ours { get; } = [-1, -1, -1];

    /// <summary>Makes the pipes; none is left after an error.</summary>
    public static async Task<ProgramPipes> CreateAsync(SysreqClient client, CancellationToken cancellationToken)
    {
        var pipes = new ProgramPipes(client);
        try
        {
            await pipes.MakeAsync(cancellationToken);
            return pipes;
        }
        catch
        {
            await pipes.CloseAsync();
            throw;
        }
    }

    /// <summary>Closes these of the server's descriptors, or all that are left; a connection that is gone has none.</summary>
    public async Task CloseAsync(params IReadOnlyCollection<int> descriptors)
    {
        int[] chosen = [.. (descriptors.Count == 0 ? _open : descriptors).Where(_open.Contains)];
        _open.ExceptWith(chosen);
        var batch = new Batch();
        foreach (var descriptor in chosen)
            batch.Call(_calls.Close, descriptor);

        try
        {
            await _client.SendAsync(batch, CancellationToken.None);
        }
        catch (IOException)
        {
            // The caller meets the same error where it matters.
        }
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        const int PairLength = 2 * sizeof(int);
        using var memory = await _client.Scratch.RentAsync(3 * PairLength, cancellationToken);
        var batch = new Batch();
        var made = Enumerable.Range(0, 3).Select(i => batch.Call(_calls.Pipe2, memory.AddressOf(i * PairLength, PairLength), CloseOnExec)).ToArray();
        var download = batch.Download(memory, memory.Length);
        await _client.SendAsync(batch, CancellationToken.None);

        var descriptors = ReplyDecoder.DecodeIds(download.Bytes.Span);
        for (var i = 0; i < made.Length; i++)
        {
            if (made[i].Error is not null)
                continue;

            var (read, write) = ((int)descriptors[2 * i], (int)descriptors[(2 * i) + 1]);
            _open.UnionWith([read, write]);
            (Theirs[i], Ours[i]) = i == 0 ? (read, write) : (write, read);
        }

        if (Array.Find(made, pipe => pipe.Error is not null) is { } failed)
            throw new SysreqException(_calls.Pipe2.Name, "", failed.Error!.Value);

        for (var i = 0; i < made.Length; i++)
        {
            Theirs[i] = await RaisedAsync(Theirs[i]);
            Ours[i] = await RaisedAsync(Ours[i]);
        }

        var flags = new Batch();
        foreach (var descriptor in Ours)
            flags.Call(_calls.FCntl, descriptor, SetStatusFlags, NonBlocking);

        await _client.SendAsync(flags, CancellationToken.None);
    }

    /// <summary>A server without stdin, stdout or stderr gets their numbers for a pipe, which the program's own would overwrite.</summary>
    private async Task<int> RaisedAsync(int descriptor)
    {
        const int Lowest = 5;
        if (descriptor >= Lowest)
            return descriptor;

        var result = await _client.CallAsync(_calls.FCntl.Number, descriptor, DuplicateCloseOnExec, Lowest);
        if (Errno.Of(result) is { } error)
            throw new SysreqException(_calls.FCntl.Name, $"{descriptor}, F_DUPFD_CLOEXEC", error);

        _open.Add((int)result);
        await CloseAsync(descriptor);
        return (int)result;
    }
}
