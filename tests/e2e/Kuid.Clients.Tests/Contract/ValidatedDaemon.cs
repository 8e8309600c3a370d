namespace Kuid.Clients.Tests.Contract;

/// <summary>A daemon on a loopback port and prism in front of it, for all tests of a class; nothing where prism is not installed.</summary>
public sealed class ValidatedDaemon : IAsyncLifetime
{
    private TestDaemon? _daemon;
    private PrismProxy? _prism;

    /// <summary>The daemon's own address.</summary>
    internal Uri Daemon { get; } = new($"http://127.0.0.1:{TestDaemon.FreePort()}");

    /// <summary>What stands in front of it.</summary>
    internal PrismProxy Prism => _prism ?? throw new InvalidOperationException("prism is not installed");

    /// <summary>The token of the daemon.</summary>
    internal string TokenFile => _daemon!.Folder["data/token"];

    public async ValueTask InitializeAsync()
    {
        if (NodeTools.AreInstalled)
        {
            _daemon = await TestDaemon.Start(["--http", Daemon.Authority]);
            _prism = await PrismProxy.Start(Repository.File("openapi.yaml"), Daemon);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_prism is not null)
        {
            await _prism.DisposeAsync();
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }
}
