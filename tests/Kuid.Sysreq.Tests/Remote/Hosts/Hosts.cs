using Kuid.Sysreq.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>
/// Every kind of system that the library speaks to, by name, so that a test can be the same for all. One that is not there skips the
/// test and says what would bring it.
/// </summary>
internal static class Hosts
{
    /// <summary>System calls of the test's own process.</summary>
    public const string Local = "local";

    /// <summary>kuid-sysreqd on a Unix socket.</summary>
    public const string Unix = "unix";

    /// <summary>kuid-sysreqd at the ends of two pipes.</summary>
    public const string Exec = "exec";

    /// <summary>kuid-sysreqd for the other architecture, under an emulator.</summary>
    public const string Aarch64 = "aarch64";

    /// <summary>The original server.</summary>
    public const string Original = "original";

    /// <summary>All of them.</summary>
    public static TheoryData<string> All => new(Local, Unix, Exec, Aarch64, Original);

    /// <summary>Those that can start programs: this process cannot be forked, and the emulator does not suspend who forks.</summary>
    public static TheoryData<string> WithPrograms => new(Unix, Exec, Original);

    /// <summary>Connects, or skips the test with the reason.</summary>
    public static async Task<SysreqClient> ConnectAsync(
        string host, SysreqClientOptions? options = null, Func<ITransport, ITransport>? through = null)
    {
        try
        {
            var transport = TransportOf(host);
            return await SysreqClient.ConnectAsync(through?.Invoke(transport) ?? transport, options);
        }
        catch (IOException error) when (error.Message.Contains("unshare: EPERM", StringComparison.Ordinal))
        {
            Assert.Skip($"unshare(CLONE_FS|CLONE_FILES) is refused here, as in some containers: {error.Message}");
            throw;
        }
    }

    /// <summary>The transport of a kind, for a test that puts something in between.</summary>
    public static ITransport TransportOf(string host) => host switch
    {
        Local => new LocalTransport(),
        Unix => new UnixTransport(SysreqServer.SharedSocket),
        Exec => new ExecTransport([SysreqServer.Program, "-"], new ProcessStarter()),
        Aarch64 => new ExecTransport([Emulator(), Repository.File("daemon-c/build/aarch64/kuid-sysreqd"), "-"], new ProcessStarter()),
        Original => OriginalTransport(),
        _ => throw new ArgumentException($"no host called {host}", nameof(host)),
    };

    private static string Emulator()
    {
        Assert.SkipUnless(ToolRun.Exists("qemu-aarch64"), "qemu-aarch64 is not installed");
        Assert.SkipUnless(
            File.Exists(Repository.File("daemon-c/build/aarch64/kuid-sysreqd")),
            "there is no kuid-sysreqd for aarch64: `make native` makes it where a cross compiler is installed");
        return "qemu-aarch64";
    }

    private static OriginalTransport OriginalTransport()
    {
        var server = Environment.GetEnvironmentVariable("KUSD");
        Assert.SkipUnless(server is { Length: > 0 }, "KUSD is not set: the path of the original's server");
        return new OriginalTransport(server!);
    }
}
