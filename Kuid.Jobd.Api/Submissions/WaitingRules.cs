using System.Buffers;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>What a submission may say about when its job starts, how often, and who hears of its end.</summary>
internal static class WaitingRules
{
    internal const string TimeAllowed = "it has to be a time with its offset, such as 2026-03-01T12:00:00Z";

    private static readonly SearchValues<char> QueueCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    internal static void Check(JobSubmission submission, Mistakes mistakes)
    {
        CheckQueue(submission.Queue, mistakes);
        CheckPriority(submission.Priority, mistakes);
        CheckTimes(submission, mistakes);
        CheckAttempts(submission, mistakes);
        CheckAfter(submission, mistakes);
        CheckKey(submission, mistakes);
        CheckLimits(submission, mistakes);
        CheckWord<DisconnectPolicy>("/disconnect", submission.Disconnect, mistakes);
    }

    /// <summary>Whether a queue can have a name.</summary>
    internal static bool IsQueueName(string name) =>
        name.Length is > 0 and <= SubmissionLimits.QueueLength && !name.AsSpan().ContainsAnyExcept(QueueCharacters);

    internal static void CheckQueue(string? queue, Mistakes mistakes)
    {
        if (queue is not null && !IsQueueName(queue))
        {
            mistakes.Add("/queue", $"it has to be 1 to {SubmissionLimits.QueueLength} characters of A-Z a-z 0-9 . _ -");
        }
    }

    internal static void CheckPriority(int? priority, Mistakes mistakes)
    {
        if (priority is < -SubmissionLimits.Priority or > SubmissionLimits.Priority)
        {
            mistakes.Add("/priority", $"{priority} is not allowed: {-SubmissionLimits.Priority} to {SubmissionLimits.Priority}");
        }
    }

    private static void CheckTimes(JobSubmission submission, Mistakes mistakes)
    {
        if (submission.NotBefore is { } notBefore && Timestamp.Parse(notBefore) is null)
        {
            mistakes.Add("/notBefore", TimeAllowed);
        }

        if (submission.ExpiresInSeconds is { } expiry && !(expiry > 0 && expiry <= SubmissionLimits.ExpirySeconds))
        {
            mistakes.Add("/expiresInSeconds", CommandRules.Number(expiry, $"more than 0, at most {SubmissionLimits.ExpirySeconds} seconds"));
        }
    }

    private static void CheckAttempts(JobSubmission submission, Mistakes mistakes)
    {
        if (submission.MaxAttempts is < 1 or > SubmissionLimits.Attempts)
        {
            mistakes.Add("/maxAttempts", $"{submission.MaxAttempts} is not allowed: 1 to {SubmissionLimits.Attempts}");
        }
        else if (submission is { MaxAttempts: > 1, StdinMode: "stream" })
        {
            mistakes.Add("/maxAttempts", "it has to be 1 with the stdinMode stream, whose input is there only once");
        }

        if (submission.RetryBackoffSeconds is { } backoff && !(backoff >= 0 && backoff <= SubmissionLimits.RetryBackoffSeconds))
        {
            mistakes.Add("/retryBackoffSeconds", CommandRules.Number(backoff, $"0 to {SubmissionLimits.RetryBackoffSeconds} seconds"));
        }
    }

    private static void CheckAfter(JobSubmission submission, Mistakes mistakes)
    {
        CheckWord<AfterMode>("/afterMode", submission.AfterMode, mistakes);
        if (submission.After?.Length > SubmissionLimits.After)
        {
            mistakes.Add("/after", $"there are {submission.After.Length}; at most {SubmissionLimits.After} are allowed");
            return;
        }

        var seen = new HashSet<long>();
        foreach ((int i, long id) in (submission.After ?? []).Index())
        {
            if (id < 1)
            {
                mistakes.Add(JsonPointer.Element("/after", i), $"{id} is not the id of a job: they begin with 1");
            }
            else if (!seen.Add(id))
            {
                mistakes.Add(JsonPointer.Element("/after", i), "it is there already");
            }
        }
    }

    private static void CheckKey(JobSubmission submission, Mistakes mistakes)
    {
        if (submission.Key is { } key && (key.Length is 0 or > SubmissionLimits.KeyLength || key.Any(char.IsControl)))
        {
            mistakes.Add("/key", $"it has to be 1 to {SubmissionLimits.KeyLength} characters without control characters");
        }

        CheckWord<KeyPolicy>("/keyPolicy", submission.KeyPolicy, mistakes);
        if (submission is { KeyPolicy: not null, Key: null })
        {
            mistakes.Add("/keyPolicy", "it is not allowed without a key");
        }
    }

    private static void CheckLimits(JobSubmission submission, Mistakes mistakes)
    {
        if (submission.Limits is not { } limits)
        {
            return;
        }

        if (CommandRules.KindOf(submission) == JobKind.Pipeline)
        {
            mistakes.Add("/limits", "it is not allowed with the kind pipeline, which has no process of its own");
        }

        foreach ((string name, long? value) in limits.All())
        {
            if (value < 0)
            {
                mistakes.Add(JsonPointer.Member("/limits", name), $"{value} is not allowed: it has to be 0 or more");
            }
        }
    }

    internal static void CheckWord<T>(string pointer, string? word, Mistakes mistakes)
        where T : struct, Enum
    {
        if (word is not null && Words<T>.Parse(word) is null)
        {
            mistakes.Add(pointer, $"it has to be one of {string.Join(", ", Words<T>.All)}");
        }
    }
}
