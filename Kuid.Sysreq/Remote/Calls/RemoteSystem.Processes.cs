using System.Buffers.Binary;

namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    // NGROUPS_MAX of the kernel.
    private const int MostGroups = 65536;
    private const int LimitLength = 16;

    /// <summary>Sends a signal; 0 only asks whether that were allowed.</summary>
    public Task KillAsync(int pid, int signal, CancellationToken cancellationToken = default) =>
        CallAsync(_calls.Kill, [pid, signal], $"{pid}, {signal}", cancellationToken);

    /// <summary>Sends a signal to many processes together; null where it succeeded.</summary>
    public async Task<IReadOnlyList<SysreqException?>> KillAllAsync(
        IReadOnlyList<int> pids, int signal, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pids);
        var batch = new Batch();
        var requests = pids.Select(pid => batch.Call(_calls.Kill, pid, signal)).ToArray();
        await Client.SendAsync(batch, cancellationToken);
        return [.. requests.Select((request, i) =>
            request.Error is { } error ? new SysreqException(_calls.Kill.Name, $"{pids[i]}, {signal}", error) : null)];
    }

    /// <summary>Whose rights the server has.</summary>
    public async Task<ProcessIds> GetIdsAsync(CancellationToken cancellationToken = default)
    {
        using var memory = await Client.Scratch.RentAsync(MostGroups * sizeof(uint), cancellationToken);
        var batch = new Batch();
        var ids = new[] { _calls.GetUid, _calls.GetGid, _calls.GetEUid, _calls.GetEGid }.Select(call => batch.Call(call)).ToArray();
        var groups = batch.Call(_calls.GetGroups, MostGroups, memory.Address);
        await Client.SendAsync(batch, cancellationToken);

        var count = Count(_calls.GetGroups, Check(_calls.GetGroups, "", groups), MostGroups);
        var transfer = new Batch();
        var download = transfer.Download(memory, count * sizeof(uint));
        await Client.SendAsync(transfer, cancellationToken);
        return new ProcessIds(
            (uint)ids[0].Result,
            (uint)ids[1].Result,
            (uint)ids[2].Result,
            (uint)ids[3].Result,
            ReplyDecoder.DecodeIds(download.Bytes.Span));
    }

    /// <summary>A limit of the server itself.</summary>
    public async Task<ResourceLimit> GetLimitAsync(Resource resource, CancellationToken cancellationToken = default)
    {
        var bytes = await FilledAsync(
            _calls.PrLimit, LimitLength, address => [0, (int)resource, 0, address], $"{resource}", cancellationToken);
        return Decode(() => ReplyDecoder.DecodeLimit(bytes.Span));
    }

    /// <summary>Sets a limit of the server itself.</summary>
    public async Task SetLimitAsync(Resource resource, ResourceLimit limit, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[LimitLength];
        WriteLimit(bytes, limit);
        _openFileLimit = null;
        await CallAsync(_calls.PrLimit, bytes, address => [0, (int)resource, address, 0], $"{resource}", cancellationToken);
    }

    /// <summary>Sets the mask of new files' permissions and gives the one before.</summary>
    public async Task<int> SetFileModeMaskAsync(int mask, CancellationToken cancellationToken = default) =>
        (int)await CallAsync(_calls.UMask, [mask], $"{mask}", cancellationToken) & 0x1FF;

    private static void WriteLimit(Span<byte> target, ResourceLimit limit)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, limit.Soft);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], limit.Hard);
    }
}
