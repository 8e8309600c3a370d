using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kuid.Cli.Api;

/// <summary>The operations of the contract that kuid uses, under their names there.</summary>
/// <param name="address">Where the daemon is.</param>
internal sealed class DaemonClient(DaemonAddress address) : IDisposable
{
    private const int LongestWaitSeconds = 60;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = DaemonConnection.Open(address);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

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
            WireContext.Default.JobList,
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

    /// <summary><c>putStdin</c>: the body is the rest of the standard input, from its first byte to its end.</summary>
    internal async Task PutStdinAsync(long id, HttpContent content, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(
            new(HttpMethod.Put, $"{Path(id)}/stdin?offset=0&eof=true") { Content = content }, cancellation);
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

    /// <summary><c>getVersion</c>.</summary>
    internal Task<DaemonVersion> VersionAsync(CancellationToken cancellation) =>
        ReadAsync(Get("v1/version"), WireContext.Default.DaemonVersion, version => version, cancellation);

    /// <summary>The sentence for a connection that broke while a body was read.</summary>
    internal FailureException Broken(IOException e) => new($"the connection to the daemon at {address} broke: {e.Message}");

    private static string Path(long id) => string.Create(CultureInfo.InvariantCulture, $"v1/jobs/{id}");

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static ByteArrayContent Body<T>(T value, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private Task<Job> JobAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        ReadAsync(request, WireContext.Default.JsonElement, Job.From, cancellation);

    private async Task<TResult> ReadAsync<T, TResult>(
        HttpRequestMessage request, JsonTypeInfo<T> type, Func<T, TResult> take, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(request, cancellation);
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
            return take(await JsonSerializer.DeserializeAsync(body, type, cancellation) ?? throw new JsonException("null"));
        }
        catch (JsonException e)
        {
            throw new FailureException($"what answers at {address} is no kuid-jobd of this version: {e.Message}");
        }
        catch (IOException e)
        {
            throw Broken(e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw DaemonConnection.Explain(e, address);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new ProblemException(response.StatusCode, await ProblemAsync(response, cancellation));
        }
    }

    // Something else may listen there, or stand between: then the status is all there is to say.
    private async Task<Problem> ProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (response.Content.Headers.ContentType?.MediaType == "application/problem+json"
                && JsonSerializer.Deserialize(body, WireContext.Default.Problem) is { } problem)
            {
                return problem;
            }
        }
        catch (Exception e) when (e is JsonException or IOException or HttpRequestException)
        {
            // The status says enough.
        }

        return new Problem { Title = $"{address} answered {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd() };
    }
}
