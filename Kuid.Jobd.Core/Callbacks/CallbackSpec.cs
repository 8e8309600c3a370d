using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Callbacks;

/// <summary>What to post, and where to.</summary>
/// <param name="Url">The target, as it was submitted.</param>
/// <param name="Reported">The job whose end is posted.</param>
public sealed record CallbackSpec(string Url, long Reported)
{
    /// <summary>The queue of callbacks: how many are under way at once is its concurrency, and it can be paused like others.</summary>
    public const string Queue = "callbacks";

    private const int Attempts = 8;
    private const long KeptOutput = 64 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The job that posts the end of another.</summary>
    /// <param name="ended">The other, which has a callback.</param>
    /// <param name="backoff">The longest pause before the second attempt.</param>
    internal static JobSpec JobFor(JobRecord ended, TimeSpan backoff) => new()
    {
        Kind = JobKind.Callback,
        Callback = new CallbackSpec(ended.CallbackUrl!, ended.Id),
        CallbackUrl = ended.CallbackUrl,
        ParentId = ended.Id,
        Origin = JobOrigin.Callback,
        Principal = ended.Principal,
        Queue = Queue,
        Timeout = Timeout,
        KeepOutput = KeptOutput,
        MaxAttempts = Attempts,
        RetryBackoff = backoff,
    };

    /// <summary>Whether the end of a job is to be posted. That of a callback is not.</summary>
    internal static bool IsWanted(JobRecord job) => job is { CallbackUrl: not null, Kind: not JobKind.Callback };
}
