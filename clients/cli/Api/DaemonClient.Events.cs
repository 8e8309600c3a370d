using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace Kuid.Cli.Api;

/// <content>The stream of all jobs' changes.</content>
internal sealed partial class DaemonClient
{
    /// <summary><c>followEvents</c>, from now on: the first event says that it has begun, and the others are <c>state</c> with a job, <c>gap</c>, <c>ping</c>.</summary>
    /// <exception cref="FailureException">It has ended, which it does only with the daemon.</exception>
    internal async IAsyncEnumerable<SseItem<string>> FollowEventsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using HttpResponseMessage response = await SendAsync(Get("v1/events"), cancellation);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        await using IAsyncEnumerator<SseItem<string>> events = SseParser.Create(body).EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync())
        {
            yield return events.Current;
        }

        throw new FailureException($"the daemon at {address} has ended the stream of events");

        async Task<bool> NextAsync()
        {
            try
            {
                return await events.MoveNextAsync();
            }
            catch (IOException e)
            {
                throw Broken(e);
            }
        }
    }
}
