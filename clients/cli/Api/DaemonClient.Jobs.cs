using System.Globalization;
using System.Text.Json;

namespace Kuid.Cli.Api;

/// <content>The operations on jobs.</content>
internal sealed partial class DaemonClient
{
    private const int LongestWaitSeconds = 60;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    /// <summary><c>submitJob</c>.</summary>
    internal Task<Job> SubmitAsync(JobSubmission submission, CancellationToken cancellation) => JobAsync(
        new(HttpMethod.Post, "v1/jobs") { Content = Body(submission, WireContext.Default.JobSubmission) }, cancellation);

    /// <summary><c>getJob</c>.</summary>
    internal Task<Job> GetAsync(long id, CancellationToken cancellation) => JobAsync(Get(Path(id)), cancellation);

    /// <summary><c>getJob</c> with <c>wait</c>, again and again until the job has ended.</summary>
    internal async Task<Job> WaitAsync(long id, CancellationToken cancellation)
    {
        while (true)
        {
            long start = TimeProvider.System.GetTimestamp();
            Job job = await JobAsync(Get($"{Path(id)}?wait={LongestWaitSeconds}"), cancellation);
            if (job.HasEnded)
            {
                return job;
            }

            // A daemon that is being stopped answers at once; it is not asked a thousand times a second.
            TimeSpan rest = ShortestWait - TimeProvider.System.GetElapsedTime(start);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, cancellation);
            }
        }
    }

    /// <summary><c>listJobs</c>, one page.</summary>
    /// <param name="query">The query without its question mark.</param>
    /// <returns>The jobs, and what asks for the next page; null on the last.</returns>
    internal async Task<(IReadOnlyList<Job> Jobs, string? NextCursor)> ListAsync(string query, CancellationToken cancellation)
    {
        (List<Job> jobs, string? next) = await ReadAsync(
            Get($"v1/jobs?{query}"),
            WireContext.Default.DocumentList,
            list => (list.Items.Select(Job.From).ToList(), list.NextCursor),
            cancellation);
        return (jobs, next);
    }

    /// <summary><c>cancelJob</c>: a job that has ended already is returned as it is.</summary>
    internal Task<Job> CancelAsync(long id, CancellationToken cancellation) =>
        JobAsync(new(HttpMethod.Post, $"{Path(id)}/cancel"), cancellation);

    /// <summary><c>signalJob</c>.</summary>
    internal async Task SignalAsync(long id, string signal, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(
            new(HttpMethod.Post, $"{Path(id)}/signal") { Content = Body(new SignalRequest(signal), WireContext.Default.SignalRequest) },
            cancellation);
    }

    /// <summary><c>rerunJob</c>.</summary>
    /// <returns>The new job.</returns>
    internal Task<Job> RerunAsync(long id, CancellationToken cancellation) => JobAsync(new(HttpMethod.Post, $"{Path(id)}/rerun"), cancellation);

    /// <summary><c>deleteJob</c>.</summary>
    internal async Task DeleteAsync(long id, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(new(HttpMethod.Delete, Path(id)), cancellation);
    }

    /// <summary><c>bulkJobs</c>, request by request until there are no more.</summary>
    /// <param name="writeMembers">Writes what is to be done, and to which jobs.</param>
    internal async Task<BulkResult> BulkAsync(Action<Utf8JsonWriter> writeMembers, CancellationToken cancellation)
    {
        var all = new BulkResult(0, 0, [], []);
        string? cursor = null;
        do
        {
            byte[] body = JsonBody.Of(json =>
            {
                writeMembers(json);
                JsonBody.WriteUnlessNull(json, "cursor", cursor);
            });
            BulkResult some = await ReadAsync(
                new(HttpMethod.Post, "v1/jobs/bulk") { Content = Json(body) }, WireContext.Default.BulkResult, result => result, cancellation);
            all = all.And(some);
            cursor = some.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    /// <summary><c>putStdin</c>.</summary>
    /// <param name="content">The bytes from <paramref name="offset"/> on.</param>
    /// <param name="eof">Whether nothing follows them.</param>
    internal async Task PutStdinAsync(
        long id, HttpContent content, CancellationToken cancellation, long offset = 0, bool eof = true)
    {
        string query = string.Create(CultureInfo.InvariantCulture, $"offset={offset}&eof={(eof ? "true" : "false")}");
        using HttpResponseMessage response = await SendAsync(
            new(HttpMethod.Put, $"{Path(id)}/stdin?{query}") { Content = content }, cancellation);
    }

    /// <summary><c>getStdout</c> or <c>getStderr</c>; the body is read as it comes.</summary>
    /// <param name="stream"><c>stdout</c> or <c>stderr</c>.</param>
    /// <param name="follow">Whether to go on until the job ends.</param>
    /// <param name="tail">How many of the last bytes; null for all.</param>
    internal Task<HttpResponseMessage> OpenOutputAsync(
        long id, string stream, bool follow, long? tail, CancellationToken cancellation)
    {
        string part = tail is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"&tail={bytes}") : string.Empty;
        return SendAsync(Get($"{Path(id)}/{stream}?follow={(follow ? "true" : "false")}{part}"), cancellation);
    }

    /// <summary><c>getResult</c>.</summary>
    /// <param name="index">Which result, from 0; null for the last.</param>
    internal Task<PipelineResult> ResultAsync(long id, long? index, CancellationToken cancellation)
    {
        string query = index is { } which ? string.Create(CultureInfo.InvariantCulture, $"?index={which}") : string.Empty;
        return ReadAsync(Get($"{Path(id)}/result{query}"), WireContext.Default.PipelineResult, result => result, cancellation);
    }

    private static string Path(long id) => string.Create(CultureInfo.InvariantCulture, $"v1/jobs/{id}");

    private Task<Job> JobAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        ReadAsync(request, WireContext.Default.JsonElement, Job.From, cancellation);
}
