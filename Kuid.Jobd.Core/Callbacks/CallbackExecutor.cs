using System.Globalization;
using System.Net;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Callbacks;

/// <summary>
/// Posts the end of a job: one attempt of one callback. It is a job like others, so its attempts, its pauses between them, its
/// concurrency and what became of it are the engine's; what the target answered is its standard output.
/// </summary>
/// <param name="targets">Where it may post to; looked at again here, for a job may be older than the list.</param>
/// <param name="secret">What it signs with.</param>
/// <param name="client">What it posts with; <see cref="NewClient"/> makes it. Null where nothing is allowed.</param>
/// <param name="body">A job as it is posted.</param>
public sealed class CallbackExecutor(
    CallbackTargets targets, CallbackSecret? secret, HttpMessageInvoker? client, Func<JobRecord, byte[]> body, History history, TimeProvider clock)
    : IJobExecutor
{
    private const int MostAnswerBytes = 64 * 1024;

    private static readonly TimeSpan Connecting = TimeSpan.FromSeconds(10);

    // For the text of an answer whose status has come: it decides nothing, and is not to turn a success into a timeout.
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A client that goes where it is told and nowhere else: no redirect, no proxy, no cookie, nothing that the environment says.
    /// </summary>
    public static HttpMessageInvoker NewClient() => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Connecting,
            MaxResponseHeadersLength = MostAnswerBytes / 1024,
            MaxResponseDrainSize = 0,

            // A name may come to mean another address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        },
        disposeHandler: true);

    /// <inheritdoc/>
    public async Task<JobResult> ExecuteAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        CallbackSpec spec = job.Spec.Callback!;
        if (secret is null || client is null || targets.Find(spec.Url) is not { } url)
        {
            return new JobResult { Reason = JobReason.Unreachable, Detail = $"{spec.Url} is no longer allowed; {targets}" };
        }

        // The end of the job was given to the history before this one was made.
        await history.FlushAsync();
        if (await history.FindAsync(spec.Reported) is not { } reported)
        {
            return new JobResult
            {
                Reason = JobReason.Dependency,
                Detail = string.Create(CultureInfo.InvariantCulture, $"job {spec.Reported}, which it was to report, has been removed"),
            };
        }

        if (!reported.HasEnded)
        {
            return new JobResult
            {
                Reason = JobReason.Unreachable,
                Detail = string.Create(CultureInfo.InvariantCulture, $"the end of job {spec.Reported} could not be recorded"),
            };
        }

        using var over = new CancellationTokenSource();
        Task<JobResult> posting = PostAsync(job, url, body(reported), secret, client, over.Token);
        await Task.WhenAny(posting, job.EndRequested);
        await over.CancelAsync();
        return await posting;
    }

    private async Task<JobResult> PostAsync(Job job, Uri url, byte[] content, CallbackSecret key, HttpMessageInvoker client, CancellationToken over)
    {
        try
        {
            using HttpRequestMessage request = RequestOf(job, url, content, key);
            using HttpResponseMessage answer = await client.SendAsync(request, over);
            await KeepAsync(job, answer, over);
            string status = string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode} {answer.ReasonPhrase}");
            return answer.IsSuccessStatusCode
                ? new JobResult { Reason = JobReason.Delivered, Detail = status }
                : new JobResult
                {
                    Reason = JobReason.Rejected,
                    Detail = (int)answer.StatusCode / 100 == 3 ? $"{status}; redirects are not followed" : status,
                };
        }
        catch (OperationCanceledException)
        {
            // The job is to end, and the reason for that takes the place of this one.
            return new JobResult { Reason = JobReason.Unreachable, Detail = $"{url} did not answer in time" };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            string why = e.InnerException is { } inner ? $"{e.Message} {inner.Message}" : e.Message;
            return new JobResult { Reason = JobReason.Unreachable, Detail = $"{url}: {why}" };
        }
    }

    private HttpRequestMessage RequestOf(Job job, Uri url, byte[] content, CallbackSecret key)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"kuid-{job.Id}");
        long timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(content) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new("kuid-jobd", productVersion: null));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", key.Sign(id, timestamp, content));
        return request;
    }

    // What somebody answers with is theirs to choose: a little of it helps to find out what is wrong, all of it could have no end.
    private async Task KeepAsync(Job job, HttpResponseMessage answer, CancellationToken over)
    {
        using var time = new CancellationTokenSource(Reading, clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(over, time.Token);
        byte[] bytes = new byte[MostAnswerBytes];
        try
        {
            await using Stream stream = await answer.Content.ReadAsStreamAsync(enough.Token);
            int n;
            for (int left = MostAnswerBytes; left > 0 && (n = await stream.ReadAsync(bytes.AsMemory(0, left), enough.Token)) > 0; left -= n)
            {
                job.Output.Append(OutputStream.Stdout, bytes.AsSpan(0, n));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
        {
            // What has come of it is there.
        }
    }
}
