using System.Globalization;
using Kuid.Bench.Daemons;
using Kuid.Bench.History;
using Kuid.Bench.Load;
using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Cases;

/// <summary>What a long history costs: lists with each filter there is, and whether jobs come in as fast as with an empty one.</summary>
internal sealed class HistoryCase : ICase
{
    private const int Jobs = 1_000_000;
    private const int Page = 50;
    private const string Empty = "empty history";
    private const string Full = "full history";

    public string Name => "history";

    public string What => "history of 1,000,000 jobs";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Workbench bench, CancellationToken cancellation)
    {
        string data = await FillAsync(bench, cancellation);
        await using KuidDaemon full = await KuidDaemon.StartAsync(bench, cancellation, PausedQueue.Setup with { Data = data });
        await using KuidDaemon empty = await KuidDaemon.StartAsync(bench, cancellation, PausedQueue.Setup);
        return
        [
            .. await ListAsync(bench, full, cancellation),
            await RunAsync(bench, full, empty, cancellation),
            await SubmitAsync(bench, full, empty, cancellation),
        ];
    }

    private static async Task<string> FillAsync(Workbench bench, CancellationToken cancellation)
    {
        string data;
        await using (KuidDaemon daemon = await KuidDaemon.StartAsync(bench, cancellation))
        {
            data = daemon.Data;
        }

        string database = Path.Combine(data, "history.db");
        HistoryFiller.Fill(database, Jobs, cancellation);
        Workbench.Say(string.Create(CultureInfo.InvariantCulture, $"the history is filled, {new FileInfo(database).Length / 1e6:0} MB"));
        return data;
    }

    // The values are common ones, rare ones and such that no job has.
    private static async Task<IReadOnlyList<(string What, string Query, int Items)>> QueriesAsync(HttpClient http, CancellationToken cancellation) =>
    [
        ("first page", string.Empty, Page),
        Filter("state=succeeded"), Filter("state=lost"), Filter("state=running", 0), Filter("state=failed,canceled,lost"),
        Filter("queue=default"), Filter("queue=nights"), Filter("queue=nowhere", 0),
        Filter("kind=shell"), Filter("kind=eval"), Filter("kind=callback", 0),
        Filter("service=service-7"), Filter("service=nothing", 0),
        Filter("origin=sockproc"), Filter("origin=schedule"), Filter("origin=callback", 0),
        Filter("label=team"), Filter("label=team%3Dweb"), Filter("label=run%3D1"), Filter("label=nothing", 0),
        Filter("q=make"), Filter("q=target77"), Filter("q=needle", 1), Filter("q=nowhere", 0),
        Time("createdAfter", 1), Time("createdAfter", 24), Time("createdAfter", -1, 0),
        Time("createdBefore", 1), Time("createdBefore", 24), Time("createdBefore", 26, 0),
        ("after 500,000 jobs", "?" + await ListLoad.CursorAfterAsync(http, string.Empty, pages: 1000, limit: 500, cancellation), Page),
        ("`state=failed`, after 50,000 jobs", "?state=failed" + await ListLoad.CursorAfterAsync(http, "&state=failed", pages: 100, limit: 500, cancellation), Page),
    ];

    private static (string What, string Query, int Items) Filter(string filter, int items = Page) => ($"`{filter}`", "?" + filter, items);

    private static (string What, string Query, int Items) Time(string filter, double daysAgo, int items = Page) => (
        string.Create(CultureInfo.InvariantCulture, $"`{filter}` of {daysAgo} days ago"),
        $"?{filter}={DateTime.UtcNow.AddDays(-daysAgo).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}",
        items);

    private async Task<IReadOnlyList<Row>> ListAsync(Workbench bench, KuidDaemon daemon, CancellationToken cancellation)
    {
        IReadOnlyList<(string What, string Query, int Items)> queries = await QueriesAsync(daemon.Http, cancellation);
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds,
            [.. queries.Select(query => new Contender(query.What, new ListLoad(daemon.Http, query.Query, query.Items).RunAsync))],
            cancellation);
        return [.. queries.Select(query => new Row($"{What}: GET /v1/jobs, {query.What}, p99", "ms", rounds.Of(query.What, run => run.P99))
        {
            Goal = Goal.AtMostOf(10),
        })];
    }

    private async Task<Row> RunAsync(Workbench bench, KuidDaemon full, KuidDaemon empty, CancellationToken cancellation)
    {
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds,
            [
                SockprocDoor.Of(full, new CrlfLoad(full.Socket, 8, 3000, "true"), Full),
                SockprocDoor.Of(empty, new CrlfLoad(empty.Socket, 8, 3000, "true"), Empty),
            ],
            cancellation);
        return RowOf("`true`, 8 connections", rounds);
    }

    private async Task<Row> SubmitAsync(Workbench bench, KuidDaemon full, KuidDaemon empty, CancellationToken cancellation)
    {
        const string Submissions = "POST /v1/jobs, durable 202, queue paused, 32 connections";
        if (H2Load.WhyNot is { } reason)
        {
            return new Row($"{What}: {Submissions}", "1/s", Ours: null) { Trouble = reason };
        }

        await PausedQueue.PauseAsync(full, cancellation);
        await PausedQueue.PauseAsync(empty, cancellation);
        Rounds rounds = await Rounds.RunAsync(
            bench.Options.Rounds,
            [PausedQueue.Of(bench, full, 32, 10_000, Full), PausedQueue.Of(bench, empty, 32, 10_000, Empty)],
            cancellation);
        return RowOf(Submissions, rounds);
    }

    private Row RowOf(string load, Rounds rounds) =>
        new Row($"{What}: {load}", "1/s", rounds.Of(Full, figures => figures.Rate)) { Goal = Goal.AtLeastTimes(0.9) }
            .Beside(Empty, rounds.Of(Empty, figures => figures.Rate), string.Empty);
}
