using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Tests.Remote;

namespace Kuid.Sysreq.Tests.Evaluation;

/// <summary>What a pipeline costs on a link is how often it waits for it, however many rows there are.</summary>
public sealed class SlowLinkSpecs
{
    // The directory of processes, and what is in each; a machine with thousands of processes needs more than one batch.
    private const int ListingAtMost = 6;
    private const int BatchOf = 500;
    private const int TripsOfBatch = 4;

    [Fact]
    public async Task The_facts_of_all_processes_take_few_round_trips()
    {
        var transport = new RecordingTransport(Hosts.TransportOf(Hosts.Unix));
        await using Session session = await Shells.OpenAsync(transport: transport);
        await Shells.RunAsync(session, "ps | xargs pstat | count");

        int before = transport.RoundTrips;
        Outcome outcome = await Shells.RunAsync(session, "ps | xargs pstat | select pid | count");
        int trips = transport.RoundTrips - before;

        int processes = int.Parse(outcome.Output, System.Globalization.CultureInfo.InvariantCulture);
        trips.Should().BeLessThanOrEqualTo(ListingAtMost + (TripsOfBatch * (1 + (processes / BatchOf))), "there are {0} processes", processes);
    }
}
