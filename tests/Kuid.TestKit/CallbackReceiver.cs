using System.Collections.Concurrent;
using System.Net;

namespace Kuid.TestKit;

/// <summary>What was posted to a <see cref="CallbackReceiver"/>.</summary>
/// <param name="Path">The path and the query.</param>
/// <param name="Headers">By name.</param>
/// <param name="Body">The bytes.</param>
public sealed record ReceivedCallback(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>Somebody who is told of the ends of jobs: an HTTP server on the loopback that keeps what it gets.</summary>
public sealed class CallbackReceiver : IDisposable
{
    private readonly HttpListener _listener;
    private readonly ConcurrentQueue<ReceivedCallback> _received = new();
    private readonly Func<int, HttpListenerResponse, byte[]?> _answer;

    /// <summary>Listens from now on.</summary>
    /// <param name="answer">
    /// Decides on the status of an answer, by the number of the request from 1, and gives its body; null for no answer ever.
    /// </param>
    public CallbackReceiver(Func<int, HttpListenerResponse, byte[]?>? answer = null)
    {
        _answer = answer ?? ((_, response) =>
        {
            response.StatusCode = (int)HttpStatusCode.NoContent;
            return [];
        });
        _listener = Listen();
        Address = _listener.Prefixes.Single();
        _ = ServeAsync();
    }

    /// <summary>Its address, with a slash at the end.</summary>
    public string Address { get; }

    /// <summary>What has come, in order.</summary>
    public IReadOnlyList<ReceivedCallback> Received => [.. _received];

    /// <inheritdoc/>
    public void Dispose() => _listener.Close();

    // Another suite may look at this moment whether the same port is free.
    private static HttpListener Listen()
    {
        for (int attempt = 1; ; attempt++)
        {
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{TestDaemon.FreePort()}/" } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            for (int number = 1; ; number++)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue(new ReceivedCallback(
                    context.Request.RawUrl!,
                    context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase),
                    body.ToArray()));
                if (_answer(number, context.Response) is { } answer)
                {
                    await context.Response.OutputStream.WriteAsync(answer);
                    context.Response.Close();
                }
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            // It is closed.
        }
    }
}
