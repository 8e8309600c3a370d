namespace Kuid.Daemon.Tests;

/// <summary>What a daemon that nobody has asked for anything keeps in memory.</summary>
public sealed class IdleSpecs
{
    [Fact]
    public async Task A_daemon_that_has_just_started_has_not_loaded_OpenSSL()
    {
        await using TestDaemon daemon = await TestDaemon.Start();

        string maps = await File.ReadAllTextAsync($"/proc/{daemon.Pid}/maps", TestContext.Current.CancellationToken);

        maps.Should().Contain("Kuid.Jobd.Api.dll").And.NotContain("libcrypto");
    }
}
