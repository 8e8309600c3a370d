using System.Net;

namespace Kuid.Client;

/// <summary>
/// Sends a request again when its connection fails, if it may be repeated: it reads, has an idempotency key, or does nothing the second
/// time. 429 and 503 mean that nothing was done, so such an answer is waited out for any request whose body is still there, for as long as
/// its Retry-After says.
/// </summary>
internal sealed class PatienceHandler(TimeSpan limit) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var patience = new Patience(limit);
        while (true)
        {
            try
            {
                HttpResponseMessage answer = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (answer.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                    || request.Content is StreamContent
                    || answer.Headers.RetryAfter?.Delta is not { } later
                    || !await patience.AgainAsync(later, cancellationToken).ConfigureAwait(false))
                    return answer;

                answer.Dispose();
            }
            catch (HttpRequestException) when (IsRepeatable(request))
            {
                if (!await patience.AgainAsync(after: null, cancellationToken).ConfigureAwait(false))
                    throw;
            }
        }
    }

    private static bool IsRepeatable(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get
        || request.Headers.Contains("Idempotency-Key")
        || request.RequestUri!.AbsolutePath.EndsWith("/cancel", StringComparison.Ordinal);
}
