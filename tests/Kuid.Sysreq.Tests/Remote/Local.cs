using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>Connections to the test's own process.</summary>
internal static class Local
{
    /// <summary>Connects, or skips the test where the kernel does not let a thread have its own descriptors.</summary>
    public static async Task<SysreqClient> ConnectAsync(ITransport? through = null, SysreqClientOptions? options = null)
    {
        try
        {
            return await SysreqClient.ConnectAsync(through ?? new LocalTransport(), options);
        }
        catch (IOException error) when (error.Message.Contains("unshare: EPERM", StringComparison.Ordinal))
        {
            Assert.Skip($"unshare(CLONE_FS|CLONE_FILES) is refused here, as in some containers: {error.Message}");
            throw;
        }
    }
}
