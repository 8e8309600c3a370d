namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    private const int SyslogReadAll = 3;
    private const int SyslogSizeBuffer = 10;
    private const int TimeLength = 16;

    /// <summary>uname(2).</summary>
    public async Task<SystemName> UnameAsync(CancellationToken cancellationToken = default)
    {
        var bytes = await FilledAsync(_calls.UName, ReplyDecoder.UNameLength, address => [address], "", cancellationToken);
        return Decode(() => ReplyDecoder.DecodeUName(bytes));
    }

    /// <summary>The name of the machine, from uname.</summary>
    public async Task<ByteString> GetHostNameAsync(CancellationToken cancellationToken = default) =>
        (await UnameAsync(cancellationToken)).Node;

    /// <summary>sysinfo(2).</summary>
    public async Task<SystemInfo> SysinfoAsync(CancellationToken cancellationToken = default)
    {
        var bytes = await FilledAsync(_calls.SysInfo, ReplyDecoder.SysInfoLength, address => [address], "", cancellationToken);
        return Decode(() => ReplyDecoder.DecodeSysInfo(bytes.Span));
    }

    /// <summary>A clock of the remote kernel.</summary>
    public async Task<UnixTime> GetTimeAsync(Clock clock = Clock.Realtime, CancellationToken cancellationToken = default)
    {
        var bytes = await FilledAsync(_calls.ClockGetTime, TimeLength, address => [(int)clock, address], $"{clock}", cancellationToken);
        return Decode(() => ReplyDecoder.DecodeTime(bytes.Span));
    }

    /// <summary>The kernel's log (syslog(2), SYSLOG_ACTION_READ_ALL), at most so many bytes of its end.</summary>
    public async Task<ReadOnlyMemory<byte>> SyslogAsync(int limit = 16 * 1024 * 1024, CancellationToken cancellationToken = default)
    {
        var size = await CallAsync(_calls.SysLog, [SyslogSizeBuffer, 0, 0], "SIZE_BUFFER", cancellationToken);
        var wanted = (int)Math.Min(limit, Math.Max(size, 0));
        using var memory = await Client.Scratch.RentAsync(wanted, cancellationToken);
        var result = await CallAsync(_calls.SysLog, [SyslogReadAll, memory.Address, wanted], "READ_ALL", cancellationToken);
        var batch = new Batch();
        var download = batch.Download(memory, Count(_calls.SysLog, result, wanted));
        await Client.SendAsync(batch, cancellationToken);
        return download.Bytes;
    }
}
