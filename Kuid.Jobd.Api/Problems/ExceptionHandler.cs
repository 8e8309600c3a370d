using System.Globalization;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Sessions;
using Kuid.Jobd.Core.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Api.Problems;

/// <summary>Whatever a request ends with that is no answer becomes one here, and nothing of the daemon's inside is in it.</summary>
internal sealed class ExceptionHandler(ILogger<ExceptionHandler> log) : IExceptionHandler
{
    // What a client is told to wait before it tries again what will pass by itself.
    private const int RetryAfterSeconds = 1;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (ProblemOf(exception) is { } problem)
        {
            await ProblemWriter.WriteAsync(httpContext, problem);
            return true;
        }

        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, which is how this ended; nobody reads an answer.
            return true;
        }

        string traceId = ProblemWriter.TraceId(httpContext);
        Log.RequestFailed(log, httpContext.Request.Method, httpContext.GetEndpoint()?.DisplayName ?? "no operation", traceId, exception);
        await ProblemWriter.WriteAsync(
            httpContext, ProblemCode.Internal, "a fault of the daemon; its log has more under the traceId");
        return true;
    }

    /// <summary>What a client is told of an exception; null for a fault of the daemon.</summary>
    internal static ProblemException? ProblemOf(Exception exception) => exception switch
    {
        ProblemException problem => problem,
        StoreException { Fault: StoreFault.Full } => new ProblemException(
            ProblemCode.Full, "no space is left for the history; make room on the file system of the data folder"),
        StoreException store => Later(ProblemCode.Unavailable, store.Message),
        QueueFullException full => Later(ProblemCode.Busy, full.Message),
        SessionsFullException full => Later(ProblemCode.Busy, full.Message),
        SessionEndedException ended => new ProblemException(ProblemCode.Ended, ended.Message),
        DaemonStoppingException stopping => Later(ProblemCode.Stopping, stopping.Message),
        KeyTakenException taken => new ProblemException(ProblemCode.Key, taken.Message) { JobId = taken.Job },
        QueueDrainingException draining => new ProblemException(ProblemCode.Draining, draining.Message),
        InputGoneException gone => new ProblemException(ProblemCode.NoStdin, gone.Message),
        BadHttpRequestException bad => new ProblemException(ProblemCode.OfStatus(bad.StatusCode), bad.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge => "the body is too large; at most 4 MiB are taken",
            StatusCodes.Status408RequestTimeout => "the body came too slowly",
            _ => "the request is not well-formed HTTP",
        }),
        _ => null,
    };

    private static ProblemException Later(ProblemCode code, string detail) => new(code, detail)
    {
        Headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Retry-After"] = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture),
        },
    };
}
