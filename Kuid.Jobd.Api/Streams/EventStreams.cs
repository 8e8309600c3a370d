using System.Buffers;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Streams;

/// <summary>
/// Answers that are streams of events (text/event-stream, the HTML standard's Server-Sent Events): how many there may be at
/// once, how they look, what keeps a silent one alive, and what ends them.
/// </summary>
/// <param name="most">How many streams there may be at once.</param>
/// <param name="stopping">Ends them all.</param>
internal sealed class EventStreams(int most, TimeProvider clock, CancellationToken stopping)
{
    internal const string MediaType = "text/event-stream";
    internal const string Ping = "ping";

    // What dies of silence in between (NAT, proxies, load balancers) has a minute or more of patience.
    internal static readonly TimeSpan PingPause = TimeSpan.FromSeconds(15);

    private const int RetryAfterSeconds = 5;

    private int _count;

    /// <summary>Sends events until there are no more, the client has gone, or the daemon stops.</summary>
    /// <param name="events">The events; the next is asked for when the one before has been taken by the connection.</param>
    /// <param name="pingId">The id of a ping; null for none.</param>
    /// <exception cref="ProblemException">There are too many streams already.</exception>
    internal async Task SendAsync(
        HttpContext context, Func<CancellationToken, IAsyncEnumerable<SseItem<object>>> events, Func<string>? pingId = null)
    {
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            throw new ProblemException(ProblemCode.Busy, $"{most} streams of events are open already, which is the most")
            {
                Headers = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Retry-After"] = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture),
                },
            };
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            context.Response.ContentType = MediaType;
            context.Response.Headers.CacheControl = "no-cache";
            await context.Response.StartAsync(ending.Token);
            await context.Response.Body.FlushAsync(ending.Token);
            await SseFormatter.WriteAsync(
                WithPings(events(ending.Token), pingId, ending.Token), context.Response.Body, WriteData, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody takes what has come for the whole: the last event of a job says that it is the last.
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>The same events, and one that says nothing whenever there was none for a while.</summary>
    internal async IAsyncEnumerable<SseItem<object>> WithPings(
        IAsyncEnumerable<SseItem<object>> events, Func<string>? pingId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using IAsyncEnumerator<SseItem<object>> each = events.GetAsyncEnumerator(abandoned.Token);
        Task<bool> next = each.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                await ((Task)next).WaitAsync(PingPause, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!next.IsCompleted)
                {
                    yield return new SseItem<object>(new EmptyEventJson(), Ping) { EventId = pingId?.Invoke() };
                    continue;
                }

                if (!await next)
                {
                    yield break;
                }

                yield return each.Current;
                next = each.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator must not be disposed while it is asked for the next.
            await abandoned.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // One line of JSON has no line breaks, which are what would part it.
    private static void WriteData(SseItem<object> item, IBufferWriter<byte> data)
    {
        using var writer = new Utf8JsonWriter(data, new JsonWriterOptions { Encoder = ApiJson.Answers.Options.Encoder });
        JsonSerializer.Serialize(writer, item.Data, item.Data.GetType(), ApiJson.Answers);
    }
}
