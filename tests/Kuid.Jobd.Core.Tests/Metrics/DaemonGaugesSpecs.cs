using System.Text;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Metrics;

namespace Kuid.Jobd.Core.Tests.Metrics;

/// <summary>What is counted of the engine when somebody asks.</summary>
public sealed class DaemonGaugesSpecs : IAsyncDisposable
{
    private readonly Engine _engine = new(concurrency: 1);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Jobs_are_counted_by_state_and_door_and_by_queue()
    {
        Job first = _engine.Shell("echo ready; exec sleep 1000", spec => spec with { Queue = "q" });
        await first.Says("ready");
        _engine.Shell("true", spec => spec with { Queue = "q" });
        using var gauges = new DaemonGauges(_engine.Service, "1.2.3");
        using var collector = new MetricCollector();

        string text = Encoding.UTF8.GetString(collector.ReadText());

        // Other tests measure in the same process; only this one has such a queue and version.
        text.Should().Contain("kuid_queue_waiting{queue=\"q\"} 1\n").And.Contain("kuid_queue_running{queue=\"q\"} 1\n")
            .And.Contain("kuid_jobs{state=\"running\",origin=\"sockproc\"} ").And.Contain("kuid_jobs{state=\"queued\",origin=\"sockproc\"} ")
            .And.Contain("kuid_build_info{version=\"1.2.3\"} 1\n").And.Contain("kuid_history_unsaved ");
        text.Should().MatchRegex("kuid_process_resident_memory_bytes [1-9][0-9]+\n").And.MatchRegex("kuid_process_open_descriptors [1-9][0-9]*\n");
    }

    [Fact]
    public async Task Only_so_many_queues_have_series_of_their_own()
    {
        Job first = _engine.Shell("echo ready; exec sleep 1000", spec => spec with { Queue = "zz-full" });
        await first.Says("ready");
        _engine.Shell("true", spec => spec with { Queue = "zz-full" });
        for (int i = 0; i < DaemonGauges.MostQueues + 10; i++)
        {
            _engine.Shell("exec sleep 1000", spec => spec with { Queue = $"g{i}" });
        }

        using var gauges = new DaemonGauges(_engine.Service, "1.2.3");
        using var collector = new MetricCollector();

        string[] lines = Encoding.UTF8.GetString(collector.ReadText()).Split('\n');
        lines.Count(line => line.StartsWith("kuid_queue_running{queue=\"g", StringComparison.Ordinal)).Should().Be(DaemonGauges.MostQueues - 1);
        lines.Should().Contain("kuid_queue_waiting{queue=\"zz-full\"} 1", "it is the fullest")
            .And.Contain(line => line.StartsWith("kuid_queue_waiting{queue=\"(other)\"} ", StringComparison.Ordinal));
    }
}
