using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kuid.Http.Tests;

/// <summary>What the daemon measures, as monitoring sees it.</summary>
public sealed class MetricsSpecs
{
    // Debian's, which has Debian's packages; there may be another before it on PATH.
    private const string Python = "/usr/bin/python3";

    // The reader of the Prometheus project's own client; each sample as name, labels in order, value.
    private const string Parser = """
        import sys
        from prometheus_client.parser import text_string_to_metric_families
        for family in text_string_to_metric_families(sys.stdin.read()):
            assert family.documentation, family.name
            assert family.type != 'unknown', family.name
            for s in family.samples:
                print(s.name + '{' + ','.join(f'{k}={v}' for k, v in sorted(s.labels.items())) + '}', s.value)
        """;

    [Fact]
    public async Task What_jobs_and_requests_did_is_counted_and_an_independent_reader_agrees()
    {
        Assert.SkipUnless(File.Exists(Python), "there is no Debian's python3");
        ToolRun probe = await ToolRun.Of(Python, ["-c", "import prometheus_client.parser"]);
        Assert.SkipUnless(probe.ExitCode == 0, "python3-prometheus-client is not installed");
        await using HttpDaemon daemon = await HttpDaemon.Start();
        await daemon.Client.SubmitToEnd("printf 12345; printf 123 >&2");
        await daemon.Client.SubmitToEnd("exit 3");
        await daemon.Daemon.Run("printf 12345");
        (await daemon.Client.GetAsync("/v1/jobs/999")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await daemon.Client.GetAsync("/no/such/path")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        await daemon.Client.SubmitRunning("exec sleep 1000", "\"queue\":\"nightly\"");

        Dictionary<string, double> samples = [];
        await Eventually.Holds(
            async () =>
            {
                ToolRun read = await ToolRun.Of(Python, ["-c", Parser], await daemon.Client.GetByteArrayAsync("/metrics"));
                read.ExitCode.Should().Be(0, read.Stderr);
                samples = read.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
                    line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture),
                    StringComparer.Ordinal);

                // A connection of sockproc is over a moment after its client has its reply.
                return samples.ContainsKey("kuid_sockproc_request_duration_seconds_count{outcome=served}");
            },
            "the connection is counted");

        samples["kuid_jobs_ended_total{origin=http,reason=exit,state=succeeded}"].Should().Be(1);
        samples["kuid_jobs_ended_total{origin=http,reason=exit,state=failed}"].Should().Be(1);
        samples["kuid_jobs_ended_total{origin=sockproc,reason=exit,state=succeeded}"].Should().Be(1);
        samples["kuid_job_output_bytes_total{stream=stdout}"].Should().Be(10);
        samples["kuid_job_output_bytes_total{stream=stderr}"].Should().Be(3);
        samples["kuid_jobs{origin=http,state=running}"].Should().Be(1);
        samples["kuid_queue_running{queue=nightly}"].Should().Be(1);
        samples["kuid_queue_waiting{queue=nightly}"].Should().Be(0);
        samples["kuid_job_queue_wait_seconds_count{origin=http}"].Should().Be(3);
        samples["kuid_job_duration_seconds_count{origin=http,state=failed}"].Should().Be(1);
        samples["kuid_spawn_duration_seconds_count{}"].Should().Be(4);
        samples["kuid_http_request_duration_seconds_count{code=202,method=POST,route=/v1/jobs}"].Should().Be(3);
        samples["kuid_http_request_duration_seconds_count{code=404,method=GET,route=/v1/jobs/{id}}"].Should().Be(1);
        samples["kuid_http_request_duration_seconds_count{code=404,method=GET,route=none}"].Should().Be(1);
        samples["kuid_sockproc_request_duration_seconds_count{outcome=served}"].Should().Be(1);
        samples["kuid_history_batch_size_sum{}"].Should().BeGreaterThan(4);
        samples["kuid_history_unsaved{}"].Should().BeGreaterThanOrEqualTo(0);
        samples["kuid_history_dropped_total{}"].Should().Be(0);
        samples["kuid_process_resident_memory_bytes{}"].Should().BeGreaterThan(1_000_000);
        samples.Keys.Should().OnlyContain(name => name.StartsWith("kuid_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Promtool_finds_nothing_to_say()
    {
        Assert.SkipUnless(ToolRun.Exists("promtool"), "promtool is not installed (Debian's package prometheus has it)");
        await using HttpDaemon daemon = await HttpDaemon.Start();
        await daemon.Client.SubmitToEnd("true");
        ToolRun check = await ToolRun.Of("promtool", ["check", "metrics"], await daemon.Client.GetByteArrayAsync("/metrics"));
        (check.ExitCode, check.Text + check.Stderr).Should().Be((0, string.Empty));
    }

    [Fact]
    public async Task A_method_that_a_client_made_up_is_no_series_of_its_own()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        using var odd = new HttpRequestMessage(new HttpMethod("BREW"), "/v1/jobs");
        (await daemon.Client.SendAsync(odd)).StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
        (await daemon.Client.GetStringAsync("/metrics")).Should().NotContain("BREW").And.Contain("method=\"none\"");
    }

    [Fact]
    public async Task Where_OpenTelemetry_is_told_to_send_the_same_measurements_go()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        await using HttpDaemon daemon = await HttpDaemon.Start(environment: new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{((IPEndPoint)collector.LocalEndpoint).Port}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        });
        await daemon.Client.SubmitToEnd("true");
        await Eventually.Holds(
            async () =>
            {
                string pushed = await TakePush(collector);
                pushed.Should().StartWith("POST /v1/metrics ");
                return pushed.Contains("kuid.jobs.ended", StringComparison.Ordinal)
                    && pushed.Contains("kuid.http.request.duration", StringComparison.Ordinal)
                    && pushed.Contains("kuid.process.resident.memory", StringComparison.Ordinal);
            },
            "what happened has been sent");
        (await daemon.Daemon.Stop()).Should().Be(0);
    }

    [Fact]
    public async Task A_daemon_that_was_told_nothing_loads_nothing_of_OpenTelemetry()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        await daemon.Client.GetStringAsync("/metrics");
        (await File.ReadAllTextAsync($"/proc/{daemon.Daemon.Pid}/maps")).Should().Contain("Kuid.Jobd.Core.dll").And.NotContain("OpenTelemetry");
    }

    /// <summary>One request, answered with 200 on a connection that is closed then.</summary>
    private static async Task<string> TakePush(TcpListener collector)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using TcpClient client = await collector.AcceptTcpClientAsync(patience.Token);
        NetworkStream stream = client.GetStream();
        using var request = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int n;
        while (!IsWhole(request) && (n = await stream.ReadAsync(buffer, patience.Token)) > 0)
        {
            request.Write(buffer, 0, n);
        }

        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), patience.Token);
        return Encoding.Latin1.GetString(request.ToArray());
    }

    private static bool IsWhole(MemoryStream request)
    {
        const string Length = "Content-Length: ";
        string text = Encoding.Latin1.GetString(request.ToArray());
        int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal), length = text.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        return end > 0 && length > 0
            && text.Length >= end + 4 + int.Parse(text[(length + Length.Length)..text.IndexOf('\r', length)], System.Globalization.CultureInfo.InvariantCulture);
    }
}
