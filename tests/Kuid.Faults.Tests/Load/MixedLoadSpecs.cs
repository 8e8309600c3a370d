namespace Kuid.Faults.Tests.Load;

/// <summary>The traffic of the soak test by itself: every kind is answered rightly while nothing is in the way.</summary>
public sealed class MixedLoadSpecs
{
    [Fact]
    public async Task Every_kind_of_traffic_is_answered_rightly_by_a_daemon_that_is_left_alone()
    {
        await using LoadedDaemon daemon = await LoadedDaemon.Start();
        var ledger = new LoadLedger();
        var load = new MixedLoad(daemon, ledger);
        await load.PrepareAsync();

        await load.EachOnceAsync(seed: 7);

        ledger.Faults.Should().BeEmpty();
        ledger.Done.Should().Be(load.Kinds.Count());
    }
}
