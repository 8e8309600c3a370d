namespace Kuid.Sysreq.Remote;

// Opening many files for a moment: whatever happens in between, each is closed once and none twice.
public sealed partial class RemoteSystem
{
    private const int MostOpenFiles = 512;

    private int? _openFileLimit;

    private async Task<Request[]> OpenAllAsync(ByteString[] paths, OpenFlags flags, CancellationToken cancellationToken)
    {
        // A FIFO or a terminal among them must not make the server wait.
        var bits = Client.Architecture.Translate(flags | OpenFlags.NonBlocking | OpenFlags.NoTerminal) | OpenCloseOnExec;
        var (batch, opens, memory) = await BatchOfAsync(_calls.OpenAt, paths, 0, (p, _) => [CurrentFolder, p, bits, 0], cancellationToken);
        using (memory)
        {
            try
            {
                await Client.SendAsync(batch, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                await CloseQuietlyAsync(OpenedOf(opens));
                throw;
            }
        }

        foreach (var open in opens.Where(open => open.Error is null))
            DescriptorOf(_calls.OpenAt, open.Result);

        return opens;
    }

    private async Task<ScratchLease> RentOrCloseAsync(Request[] opens, int length, CancellationToken cancellationToken)
    {
        try
        {
            return await Client.Scratch.RentAsync(length, cancellationToken);
        }
        catch
        {
            await CloseQuietlyAsync(OpenedOf(opens));
            throw;
        }
    }

    /// <summary>Sends a batch in which these are closed; those that a cancellation kept from it are closed after it.</summary>
    private async Task SendWithClosesAsync(
        Batch batch, List<(int Descriptor, Request Close)> closes, CancellationToken cancellationToken)
    {
        try
        {
            await Client.SendAsync(batch, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await CloseQuietlyAsync([.. closes.Where(one => !one.Close.IsAnswered).Select(one => one.Descriptor)]);
            throw;
        }
    }

    /// <summary>How many files may be open at once, some of them kept for others.</summary>
    private async Task<int> OpenFileLimitAsync(CancellationToken cancellationToken)
    {
        const int Others = 32;
        if (_openFileLimit is { } known)
            return known;

        var limit = await GetLimitAsync(Resource.OpenFiles, cancellationToken);
        var most = limit.Soft <= Others ? 1 : (int)Math.Min(limit.Soft - Others, MostOpenFiles);
        _openFileLimit = most;
        return most;
    }

    private static int[] OpenedOf(IEnumerable<Request> opens) =>
        [.. opens.Where(open => open.IsAnswered && open.Result is >= 0 and <= int.MaxValue).Select(open => (int)open.Result)];
}
