using System.Buffers.Binary;

namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    // STATX_BASIC_STATS and STATX_BTIME.
    private const int StatXWanted = 0xFFF;
    private const long TimeNow = 0x3FFFFFFF;

    private bool _statXMissing;

    /// <summary>What is known of a file.</summary>
    public async Task<FileStatus> StatAsync(ByteString path, bool followLinks = true, CancellationToken cancellationToken = default) =>
        (await StatAllAsync([path], followLinks, cancellationToken))[0].Value;

    /// <summary>What is known of many files, in their order; one round trip for some hundred.</summary>
    public async Task<IReadOnlyList<Outcome<FileStatus>>> StatAllAsync(
        IReadOnlyList<ByteString> paths, bool followLinks = true, CancellationToken cancellationToken = default)
    {
        var flags = followLinks ? 0 : NoFollow;
        if (!_statXMissing)
        {
            var outcomes = await FilledAllAsync(
                _calls.StatX,
                paths,
                ReplyDecoder.StatXLength,
                (p, answer) => [CurrentFolder, p, flags, StatXWanted, answer],
                bytes => ReplyDecoder.DecodeStatX(bytes.Span),
                cancellationToken);
            _statXMissing = outcomes.Exists(outcome => outcome.Error?.Error == Errno.ENOSYS);
            if (!_statXMissing)
                return outcomes;
        }

        // Kernels before 4.11 have no statx.
        return await FilledAllAsync(
            _calls.StatAt,
            paths,
            ReplyDecoder.LongestStatLength,
            (p, answer) => [CurrentFolder, p, answer, flags],
            bytes => ReplyDecoder.DecodeStat(Client.Architecture, bytes.Span),
            cancellationToken);
    }

    /// <summary>Changes permissions (fchmodat).</summary>
    public Task ChangeModeAsync(ByteString path, int mode, CancellationToken cancellationToken = default) =>
        PathCallAsync(_calls.FChModAt, path, p => [CurrentFolder, p, mode], cancellationToken);

    /// <summary>Changes owner and group; null leaves one as it is.</summary>
    public Task ChangeOwnerAsync(
        ByteString path, uint? userId, uint? groupId, bool followLinks = true, CancellationToken cancellationToken = default)
    {
        var (user, group) = (userId ?? uint.MaxValue, groupId ?? uint.MaxValue);
        return PathCallAsync(
            _calls.FChOwnAt, path, p => [CurrentFolder, p, user, group, followLinks ? 0 : NoFollow], cancellationToken);
    }

    /// <summary>Sets the times of a file (utimensat); null is now, by the remote clock.</summary>
    public Task TouchAsync(
        ByteString path,
        UnixTime? accessed = null,
        UnixTime? modified = null,
        bool followLinks = true,
        CancellationToken cancellationToken = default)
    {
        const int TimesLength = 32;
        var name = Terminated(path);
        var bytes = new byte[TimesLength + name.Length];
        WriteTime(bytes, accessed);
        WriteTime(bytes.AsSpan(TimesLength / 2), modified);
        name.CopyTo(bytes, TimesLength);
        return CallAsync(
            _calls.UTimeNsAt,
            bytes,
            address => [CurrentFolder, address + TimesLength, address, followLinks ? 0 : NoFollow],
            Quoted(path),
            cancellationToken);

        static void WriteTime(Span<byte> target, UnixTime? time)
        {
            BinaryPrimitives.WriteInt64LittleEndian(target, time?.Seconds ?? 0);
            BinaryPrimitives.WriteInt64LittleEndian(target[8..], time?.Nanoseconds ?? TimeNow);
        }
    }

    /// <summary>Whether the server's real user may do this with a file: an error when not.</summary>
    public Task AccessAsync(ByteString path, AccessMode mode, CancellationToken cancellationToken = default) =>
        PathCallAsync(_calls.FAccessAt, path, p => [CurrentFolder, p, (int)mode], cancellationToken);

    /// <summary>The file system that a path is on.</summary>
    public async Task<FileSystemStatus> StatFileSystemAsync(ByteString path, CancellationToken cancellationToken = default) =>
        (await StatFileSystemAllAsync([path], cancellationToken))[0].Value;

    /// <summary>The file systems of many paths.</summary>
    public async Task<IReadOnlyList<Outcome<FileSystemStatus>>> StatFileSystemAllAsync(
        IReadOnlyList<ByteString> paths, CancellationToken cancellationToken = default) =>
        await FilledAllAsync(
            _calls.StatFs,
            paths,
            ReplyDecoder.StatFsLength,
            (p, answer) => [p, answer],
            bytes => ReplyDecoder.DecodeStatFs(bytes.Span),
            cancellationToken);
}
