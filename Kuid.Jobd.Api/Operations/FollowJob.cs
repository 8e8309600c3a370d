using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Api.Streams;
using Kuid.Jobd.Core.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Kuid.Jobd.Api.Operations;

/// <summary>
/// <c>GET /v1/jobs/{id}/events</c>: how a job is, what it writes and how it ended, as events, while it runs and after; with
/// Last-Event-ID right after an event that the client has had.
/// </summary>
internal sealed class FollowJob(JobService jobs, EventStreams streams)
{
    internal async Task HandleAsync(HttpContext context)
    {
        long id = JobId.Of(context);
        using JobFollower follower = await JobFollower.OpenAsync(jobs, id) ?? throw JobId.Unknown(id);
        if (JobEventId.Resume(context, follower) is not { } from)
        {
            // What tells a browser's EventSource not to come back any more.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        // A job writes when it likes, and waits for a reader who reads when it likes: neither is too slow.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        using Attendance? attendance = Attendance.Of(jobs, id, Principals.Of(context), context.RequestAborted);
        await streams.SendAsync(context, cancellation => EventsAsync(follower, id, from, cancellation));
    }

    private static async IAsyncEnumerable<SseItem<object>> EventsAsync(
        JobFollower follower, long id, JobPosition from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (JobNews happened in follower.FollowAsync(from, cancellation))
        {
            (string type, object data) = happened switch
            {
                JobChanged changed => ("state", JobJson.Of(changed.Job)),
                JobWrote wrote => ("output", OutputEventJson.Of(wrote.Chunk)),
                JobEnded ended => ("end", (object)JobJson.Of(ended.Job)),
                _ => throw new InvalidOperationException($"nobody tells a {happened.GetType().Name}"),
            };
            yield return new SseItem<object>(data, type) { EventId = JobEventId.Of(id, happened) };
        }
    }
}
