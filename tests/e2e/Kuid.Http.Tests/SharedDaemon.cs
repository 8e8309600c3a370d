namespace Kuid.Http.Tests;

/// <summary>One daemon for all tests of a class that leave each other alone.</summary>
public sealed class SharedDaemon : IAsyncLifetime
{
    private ObligingSubserver? _subserver;

    internal HttpDaemon Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Http = await HttpDaemon.Start(["--services-registry", "registry"], tcp: true);
        _subserver = await ObligingSubserver.Start(Http.Daemon.Folder["registry"]);
    }

    public async ValueTask DisposeAsync()
    {
        await (_subserver?.DisposeAsync() ?? default);
        await Http.DisposeAsync();
    }
}
