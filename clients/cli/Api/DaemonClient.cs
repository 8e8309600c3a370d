using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kuid.Cli.Api;

/// <summary>The operations of the contract that kuid uses, under their names there.</summary>
/// <param name="address">Where the daemon is.</param>
internal sealed partial class DaemonClient(DaemonAddress address) : IDisposable
{
    private readonly HttpClient _http = DaemonConnection.Open(address);

    /// <summary>Where the daemon is.</summary>
    internal DaemonAddress Address => address;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary><c>getVersion</c>.</summary>
    internal Task<DaemonVersion> VersionAsync(CancellationToken cancellation) =>
        ReadAsync(Get("v1/version"), WireContext.Default.DaemonVersion, version => version, cancellation);

    /// <summary>The sentence for a connection that broke while a body was read.</summary>
    internal FailureException Broken(IOException e) => new($"the connection to the daemon at {address} broke: {e.Message}");

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static ReadOnlyMemoryContent Body<T>(T value, JsonTypeInfo<T> type) => Json(JsonSerializer.SerializeToUtf8Bytes(value, type));

    private async Task<TResult> ReadAsync<T, TResult>(
        HttpRequestMessage request, JsonTypeInfo<T> type, Func<T, TResult> take, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(request, cancellation);
        return await TakeAsync(
            async body => take(await JsonSerializer.DeserializeAsync(body, type, cancellation) ?? throw new JsonException("null")),
            response,
            cancellation);
    }

    private async Task<T> TakeAsync<T>(Func<Stream, Task<T>> take, HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
            return await take(body);
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
        HttpResponseMessage response = await RawAsync(request, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new ProblemException(response.StatusCode, await ProblemAsync(response, cancellation))
            {
                Offset = Offset(response),
            };
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

    // Where the next piece of a stdin has to begin.
    private static long? Offset(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Kuid-Offset", out IEnumerable<string>? values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out long offset)
            ? offset
            : null;
}
