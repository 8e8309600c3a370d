using Kuid.Sockproc.Tests;

[assembly: AssemblyFixture(typeof(Doors))]

namespace Kuid.Sockproc.Tests;

public enum Transport
{
    Unix,
    Tcp,
}

// A daemon on a Unix socket and one on a TCP port, without options; whoever wants options or counts descriptors starts an own.
public sealed class Doors : IAsyncLifetime
{
    private TestDaemon? _unix;
    private TestDaemon? _tcp;

    public TestDaemon Unix => _unix!;

    public TestDaemon Tcp => _tcp!;

    public TestDaemon this[Transport transport] => transport == Transport.Tcp ? Tcp : Unix;

    public async ValueTask InitializeAsync()
    {
        Task<TestDaemon> unix = TestDaemon.Start(), tcp = TestDaemon.Start(tcp: true);
        _unix = await unix;
        _tcp = await tcp;
    }

    public async ValueTask DisposeAsync()
    {
        if (_unix is not null)
        {
            await _unix.DisposeAsync();
        }

        if (_tcp is not null)
        {
            await _tcp.DisposeAsync();
        }
    }
}
