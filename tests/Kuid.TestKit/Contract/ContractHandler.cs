using Microsoft.OpenApi;

namespace Kuid.TestKit.Contract;

/// <summary>
/// Holds every answer that an <see cref="HttpClient"/> gets against the contract, and remembers which ones have been seen.
/// JSON bodies are buffered for that; bytes are left in the connection, so that a stream that never ends can be tested.
/// </summary>
/// <param name="inner">What sends the requests.</param>
/// <param name="contract">The contract; the project's own unless given.</param>
public sealed class ContractHandler(HttpMessageHandler inner, HttpContract? contract = null) : DelegatingHandler(inner)
{
    private readonly HttpContract _contract = contract ?? HttpContract.OfRepository;

    /// <inheritdoc/>
    /// <exception cref="ContractViolationException">The answer is not what the contract says.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        try
        {
            await CheckAsync(request, response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task CheckAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellation)
    {
        byte[]? json = null;
        if (ResponseCheck.IsJson(response.Content))
        {
            await response.Content.LoadIntoBufferAsync(cancellation);
            json = await response.Content.ReadAsByteArrayAsync(cancellation);
        }

        string path = request.RequestUri!.AbsolutePath;
        int status = (int)response.StatusCode;
        if (_contract.Find(request.Method, path) is { } operation)
        {
            Demand($"{operation}", status, ResponseCheck.OfOperation(operation, response, json));
            SeenResponses.Add(operation.Id, status);
        }
        else
        {
            IOpenApiSchema problem = _contract.Schemas["Problem"];
            HttpMethod[] methods = [.. _contract.At(path).Select(o => o.Method)];
            Demand($"{request.Method} {path}, which is no operation,", status, ResponseCheck.OfNothing(methods, response, json, problem));
        }
    }

    private static void Demand(string subject, int status, IEnumerable<Violation> violations)
    {
        if (violations.ToList() is { Count: > 0 } found)
        {
            throw new ContractViolationException(subject, status, found);
        }
    }
}
