using System.Net;
using System.Text;

namespace Kuid.Contract.Tests;

/// <summary>A server that gives one answer, whatever it is asked.</summary>
internal sealed class CannedAnswer(int status, HttpContent? content, params (string Name, string Value)[] headers) : HttpMessageHandler
{
    internal static HttpContent Json(string body, string type = "application/json") =>
        new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { { "Content-Type", type } } };

    internal static HttpContent Problem(string body) => Json(body, "application/problem+json");

    /// <summary>Asks once, through the check.</summary>
    internal async Task<HttpResponseMessage> Ask(HttpMethod method, string path, HttpContract? contract = null)
    {
        using var client = new HttpClient(new ContractHandler(this, contract ?? SmallContract.Things));
        using var request = new HttpRequestMessage(method, "http://localhost" + path);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Asks once, and expects the answer to be refused.</summary>
    /// <returns>The message.</returns>
    internal async Task<string> Refusal(HttpMethod method, string path) =>
        (await FluentActions.Awaiting(() => Ask(method, path)).Should().ThrowAsync<ContractViolationException>()).Which.Message;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = content ?? new ByteArrayContent([]) };
        foreach ((string name, string value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return Task.FromResult(response);
    }
}
