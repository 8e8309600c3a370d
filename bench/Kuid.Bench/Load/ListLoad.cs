using System.Diagnostics;
using System.Text.Json;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Load;

/// <summary>A client that asks for the same page of jobs again and again, one request after the other.</summary>
/// <param name="Query">What follows <c>/v1/jobs</c>.</param>
/// <param name="Items">How many jobs the page has.</param>
internal sealed record ListLoad(HttpClient Http, string Query, int Items)
{
    // A slow page is not asked for as often: that it is slow shows soon enough.
    private const int Requests = 200;
    private const int FewestRequests = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <exception cref="CaseFailedException">It was refused, or has another number of jobs.</exception>
    internal async Task<Figures> RunAsync(CancellationToken cancellation)
    {
        var latencies = new List<double>();
        long start = Stopwatch.GetTimestamp();
        while (latencies.Count < FewestRequests || (latencies.Count < Requests && Stopwatch.GetElapsedTime(start) < Patience))
        {
            long sent = Stopwatch.GetTimestamp();
            byte[] body = await Http.GetByteArrayAsync("/v1/jobs" + Query, cancellation);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            using JsonDocument page = JsonDocument.Parse(body);
            int items = page.RootElement.GetProperty("items").GetArrayLength();
            if (items != Items)
            {
                throw new CaseFailedException($"GET /v1/jobs{Query} gave {items} jobs and not {Items}");
            }
        }

        return new Figures(latencies.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, Percentile.Of(latencies, 50), Percentile.Of(latencies, 99));
    }

    /// <summary>The cursor of the page that comes after so many full ones.</summary>
    internal static async Task<string> CursorAfterAsync(HttpClient http, string query, int pages, int limit, CancellationToken cancellation)
    {
        string cursor = string.Empty;
        for (int page = 0; page < pages; page++)
        {
            byte[] body = await http.GetByteArrayAsync($"/v1/jobs?limit={limit}{query}{cursor}", cancellation);
            using JsonDocument document = JsonDocument.Parse(body);
            cursor = "&cursor=" + Uri.EscapeDataString(document.RootElement.GetProperty("nextCursor").GetString()!);
        }

        return cursor;
    }
}
