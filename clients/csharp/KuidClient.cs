using System.Runtime.CompilerServices;

namespace Kuid.Client;

/// <summary>
/// A Kuid daemon. What a generated class does badly is done here: submissions that may be sent again, waiting for the end, output that
/// is followed through broken connections. <see cref="Api"/> has every operation of the contract.
/// </summary>
public sealed class KuidClient : IDisposable
{
    private const int HeldSeconds = 60;
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    private KuidClient(HttpClient http, TimeSpan patience)
    {
        Http = http;
        Patience = patience;
        Api = new KuidApi(http) { BaseUrl = http.BaseAddress!.ToString() };
    }

    /// <summary>Every operation of the contract. What is refused is a <c>KuidApiException&lt;Problem&gt;</c>.</summary>
    public KuidApi Api { get; }

    /// <summary>The connection itself, for the operations whose answers are not JSON, of which a generated class makes nothing.</summary>
    public HttpClient Http { get; }

    internal TimeSpan Patience { get; }

    /// <summary>The daemon at a Unix socket: <c>http.sock</c> in the data folder unless it was told otherwise.</summary>
    /// <param name="patience">For how long a daemon that cannot be reached, or is too busy, is asked again; 30 seconds unless said.</param>
    public static KuidClient AtSocket(string path, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new KuidClient(KuidConnection.ToSocket(path, patience ?? DefaultPatience), patience ?? DefaultPatience);
    }

    /// <summary>The daemon at a port, such as <c>http://127.0.0.1:8080</c>.</summary>
    /// <param name="token">What its file says.</param>
    /// <param name="patience">For how long a daemon that cannot be reached, or is too busy, is asked again; 30 seconds unless said.</param>
    public static KuidClient AtPort(Uri address, string token, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(token);
        return new KuidClient(KuidConnection.ToPort(address, token, patience ?? DefaultPatience), patience ?? DefaultPatience);
    }

    /// <summary>The daemon that KUID_SOCKET names, or KUID_URL together with KUID_TOKEN_FILE.</summary>
    /// <param name="patience">For how long a daemon that cannot be reached, or is too busy, is asked again; 30 seconds unless said.</param>
    /// <exception cref="InvalidOperationException">The environment does not say.</exception>
    public static KuidClient FromEnvironment(TimeSpan? patience = null) => (Variable("SOCKET"), Variable("URL"), Variable("TOKEN_FILE")) switch
    {
        ({ } socket, null, _) => AtSocket(socket, patience),
        (null, { } url, { } tokenFile) => AtPort(new Uri(url), File.ReadAllText(tokenFile), patience),
        _ => throw new InvalidOperationException("KUID_SOCKET, or KUID_URL and KUID_TOKEN_FILE, has to say where the daemon is"),
    };

    /// <summary>
    /// Submits a job. It makes one job however often it has to be sent: each submission has an idempotency key, one of its own unless
    /// <paramref name="key"/> says another, which stays the same when it is sent again.
    /// </summary>
    /// <param name="waitSeconds">For how long, at most 60, the answer may be held until the job has ended.</param>
    public async Task<Job> SubmitAsync(
        JobSubmission submission, double? waitSeconds = null, string? key = null, CancellationToken cancellation = default) =>
        (await Api.SubmitJobAsync(
            body: submission, wait: waitSeconds, idempotency_Key: key ?? Guid.NewGuid().ToString("N"), cancellationToken: cancellation)
            .ConfigureAwait(false)).Result;

    /// <summary>The job as it is now.</summary>
    public async Task<Job> GetAsync(long id, CancellationToken cancellation = default) =>
        (await Api.GetJobAsync(id, cancellationToken: cancellation).ConfigureAwait(false)).Result;

    /// <summary>The job when it has ended, however long that takes.</summary>
    /// <param name="changed">Called with it at each version on the way.</param>
    public async Task<Job> WaitAsync(long id, Action<Job>? changed = null, CancellationToken cancellation = default)
    {
        string? etag = null;
        while (true)
        {
            long asked = TimeProvider.System.GetTimestamp();
            try
            {
                KuidAnswer<Job> answer = await Api.GetJobAsync(
                    id, wait: etag is null ? null : HeldSeconds, if_None_Match: etag, cancellationToken: cancellation).ConfigureAwait(false);
                etag = answer.Headers.Header("ETag");
                changed?.Invoke(answer.Result);
                if (HasEnded(answer.Result))
                    return answer.Result;
            }
            catch (KuidApiException e) when (e.StatusCode == 304)
            {
                // Not held: the daemon is being stopped, and asking on and on would only slow it down.
                if (TimeProvider.System.GetElapsedTime(asked) < AtOnce)
                    await Task.Delay(AtOnce, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether a job has ended; it stays as it is then.</summary>
    public static bool HasEnded(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.State is JobState.Succeeded or JobState.Failed or JobState.Canceled or JobState.Lost;
    }

    /// <summary>The jobs in these states, or all, newest first, fetched page by page as they are taken; other filters are <see cref="Api"/>'s.</summary>
    public async IAsyncEnumerable<Job> ListAsync(
        IEnumerable<JobState>? states = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? cursor = null;
        do
        {
            JobList page = (await Api.ListJobsAsync(cursor: cursor, state: states, cancellationToken: cancellation).ConfigureAwait(false)).Result;
            foreach (Job job in page.Items)
                yield return job;

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>Ends the job, and returns it as it is then, which may be canceling. Cancelling what has ended changes nothing.</summary>
    public async Task<Job> CancelAsync(long id, CancellationToken cancellation = default) =>
        (await Api.CancelJobAsync(id, cancellation).ConfigureAwait(false)).Result;

    /// <summary>What the job has written so far, from the offset on.</summary>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        long id, OutputStream stream = OutputStream.Stdout, long offset = 0, CancellationToken cancellation = default) =>
        new OutputPieces(this, id, stream, follow: false).FromAsync(offset, cancellation);

    /// <summary>
    /// What the job writes, in pieces as it comes, until it has ended. When the connection breaks the next begins where it broke: every
    /// byte comes, once. A piece is good until the next is asked for.
    /// </summary>
    /// <exception cref="OutputMissingException">Bytes have not been kept; it comes before any byte that is not the one that was due.</exception>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> FollowAsync(
        long id, OutputStream stream = OutputStream.Stdout, long offset = 0, CancellationToken cancellation = default) =>
        new OutputPieces(this, id, stream, follow: true).FromAsync(offset, cancellation);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable("KUID_" + name);

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();
}
