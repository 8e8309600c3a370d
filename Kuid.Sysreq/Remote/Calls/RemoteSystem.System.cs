namespace Kuid.Sysreq.Remote;

public sealed partial class RemoteSystem
{
    /// <summary>uname(2).</summary>
    public Task<SystemName> UnameAsync(CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>The name of the machine, from uname.</summary>
    public Task<ByteString> GetHostNameAsync(CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>sysinfo(2).</summary>
    public Task<SystemInfo> SysinfoAsync(CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>A clock of the remote kernel.</summary>
    public Task<UnixTime> GetTimeAsync(Clock clock = Clock.Realtime, CancellationToken cancellationToken = default) => throw Soon();

    /// <summary>The kernel's log (syslog(2), SYSLOG_ACTION_READ_ALL), at most so many bytes of its end.</summary>
    public Task<ReadOnlyMemory<byte>> SyslogAsync(int limit = 16 * 1024 * 1024, CancellationToken cancellationToken = default) => throw Soon();
}
