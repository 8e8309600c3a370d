using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Streams;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Operations;

/// <summary>
/// <c>GET /v1/events</c>: each change of a job's state, of all jobs or those of a filter, from now on or with Last-Event-ID from
/// where a client was. What is not remembered any more is a gap, which is said.
/// </summary>
internal sealed class FollowEvents(JobService jobs, EventStreams streams)
{
    private const string Gap = "gap";

    private readonly ChangeEventId _ids = new();

    internal Task HandleAsync(HttpContext context)
    {
        EventFilter filter = EventFilter.Of(context.Request.Query);
        long last = jobs.Changes.Recent.Last;
        long? from = _ids.Resume(context, last);
        var told = new StrongBox<long>(from ?? last);
        return streams.SendAsync(
            context, cancellation => EventsAsync(filter, isGap: from is null, told, cancellation), pingId: () => _ids.Of(told.Value));
    }

    private async IAsyncEnumerable<SseItem<object>> EventsAsync(
        EventFilter filter, bool isGap, StrongBox<long> told, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // The first event says where the client begins: what it lists now and what comes from here on is everything.
        yield return Mark(isGap ? Gap : EventStreams.Ping, told.Value);
        while (true)
        {
            (long Number, JobRecord Job)? change = jobs.Changes.Recent.After(told.Value, out isGap);
            if (isGap)
            {
                long last = jobs.Changes.Recent.Last;
                yield return Mark(Gap, last);
                told.Value = last;
            }
            else if (change is var (number, job))
            {
                if (filter.Lets(job))
                {
                    yield return new SseItem<object>(JobJson.Of(job), "state") { EventId = _ids.Of(number) };
                }

                // Only now: a ping in between says no number of which the client has not been told.
                told.Value = number;
            }
            else
            {
                await jobs.Changes.Recent.AddedAfter(told.Value).WaitAsync(cancellation);
            }
        }
    }

    private SseItem<object> Mark(string type, long number) => new(new EmptyEventJson(), type) { EventId = _ids.Of(number) };
}
