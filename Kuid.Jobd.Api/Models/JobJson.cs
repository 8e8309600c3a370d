using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Api.Models;

/// <summary>A job as clients see it; the contract's schema Job, member for member and in its order.</summary>
internal sealed record JobJson
{
    /// <summary>Where the command is in the arguments of a shell job: <c>/bin/sh -c COMMAND</c>.</summary>
    private const int CommandIndex = 2;

    public required long Id { get; init; }

    public required string Kind { get; init; }

    public required string State { get; init; }

    public required string? Reason { get; init; }

    public required string? Detail { get; init; }

    public required int? ExitCode { get; init; }

    public required string? Signal { get; init; }

    public required int? WaitStatus { get; init; }

    public required string? EndedBy { get; init; }

    public required string Origin { get; init; }

    public required string Principal { get; init; }

    public required string? Name { get; init; }

    public required string? Service { get; init; }

    public required string? Queue { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public required string CreatedAt { get; init; }

    public required string? QueuedAt { get; init; }

    public required string? StartedAt { get; init; }

    public required string? FinishedAt { get; init; }

    public required double? QueuedSeconds { get; init; }

    public required double? DurationSeconds { get; init; }

    public required double? CpuUserSeconds { get; init; }

    public required double? CpuSystemSeconds { get; init; }

    public required long? MaxRssBytes { get; init; }

    public required int? Pid { get; init; }

    public required long StdoutBytes { get; init; }

    public required long StderrBytes { get; init; }

    public required long StdoutKeptBytes { get; init; }

    public required long StderrKeptBytes { get; init; }

    public required bool Truncated { get; init; }

    public required bool OutputIncomplete { get; init; }

    public required bool OutputPruned { get; init; }

    public required int Attempt { get; init; }

    public required int MaxAttempts { get; init; }

    public required long? ParentId { get; init; }

    public required long? BatchId { get; init; }

    public required string? Schedule { get; init; }

    public required long AttemptStdoutOffset { get; init; }

    public required long AttemptStderrOffset { get; init; }

    public required long Version { get; init; }

    public required bool Lossy { get; init; }

    public required string? Command { get; init; }

    public required IReadOnlyList<string>? Argv { get; init; }

    public required string? Pipeline { get; init; }

    public required string? Host { get; init; }

    public required IReadOnlyList<string>? Hosts { get; init; }

    public required IReadOnlyDictionary<string, string> Env { get; init; }

    public required bool ClearEnv { get; init; }

    public required string? Cwd { get; init; }

    public required string StdinMode { get; init; }

    public required long StdinBytes { get; init; }

    public required double? TimeoutSeconds { get; init; }

    public required double? KillGraceSeconds { get; init; }

    public required double? DrainSeconds { get; init; }

    public required long? MaxOutputBytes { get; init; }

    public required int Priority { get; init; }

    public required string? NotBefore { get; init; }

    public required double? ExpiresInSeconds { get; init; }

    public required double RetryBackoffSeconds { get; init; }

    public required IReadOnlyList<long> After { get; init; }

    public required string AfterMode { get; init; }

    public required string? Key { get; init; }

    public required string KeyPolicy { get; init; }

    public required LimitsJson Limits { get; init; }

    public required string? CallbackUrl { get; init; }

    public required string Disconnect { get; init; }

    public required string? ClaimedUser { get; init; }

    public required bool PassedThrough { get; init; }

    public required bool Survive { get; init; }

    public required string? Isolation { get; init; }

    /// <summary>Makes text of a record.</summary>
    internal static JobJson Of(JobRecord job)
    {
        var text = new LossyText();
        WaitStatus? status = job.WaitStatus is { } raw ? new WaitStatus(raw) : null;
        return new JobJson
        {
            Id = job.Id,
            Kind = Words<JobKind>.Of(job.Kind),
            State = Words<JobState>.Of(job.State),
            Reason = job.Reason is { } reason ? Words<JobReason>.Of(reason) : null,
            Detail = job.Detail,
            ExitCode = status?.ExitCode,
            Signal = status?.Signal is { } signal ? SignalNames.Of(signal) : null,
            WaitStatus = job.WaitStatus,
            EndedBy = job.EndedBy,
            Origin = Words<JobOrigin>.Of(job.Origin),
            Principal = job.Principal,
            Name = job.Name,
            Service = job.Service,
            Queue = job.Queue,
            Labels = job.Labels,
            CreatedAt = Timestamp.Of(job.CreatedAt),
            QueuedAt = Timestamp.Of(job.QueuedAt),
            StartedAt = Timestamp.Of(job.StartedAt),
            FinishedAt = Timestamp.Of(job.FinishedAt),
            QueuedSeconds = QueuedSecondsOf(job),
            DurationSeconds = job.Duration?.TotalSeconds,
            CpuUserSeconds = job.CpuUser?.TotalSeconds,
            CpuSystemSeconds = job.CpuSystem?.TotalSeconds,
            MaxRssBytes = job.MaxRssBytes,
            Pid = job.HasEnded ? null : job.Pid,
            StdoutBytes = job.StdoutBytes,
            StderrBytes = job.StderrBytes,
            StdoutKeptBytes = job.StdoutKeptBytes,
            StderrKeptBytes = job.StderrKeptBytes,
            Truncated = job.Truncated,
            OutputIncomplete = job.OutputIncomplete,
            OutputPruned = job.OutputPruned,
            Attempt = job.Attempt,
            MaxAttempts = job.MaxAttempts,
            ParentId = job.ParentId,
            BatchId = job.BatchId,
            Schedule = job.Schedule,
            AttemptStdoutOffset = job.AttemptStdoutOffset,
            AttemptStderrOffset = job.AttemptStderrOffset,
            Version = job.Version,
            Command = job.Kind switch
            {
                JobKind.Shell => text.Of(job.Argv[CommandIndex]),
                JobKind.Eval => text.Of(job.Argv[0]),
                _ => null,
            },
            Argv = job.Kind is JobKind.Argv or JobKind.Service ? [.. job.Argv.Select(text.Of)] : null,
            Pipeline = job.Pipeline,
            Host = job.Kind == JobKind.Pipeline && job.Hosts is null ? job.Host ?? HostTable.Local : null,
            Hosts = job.Hosts,
            Env = text.Map(job.Environment),
            ClearEnv = job.ClearEnvironment,
            Cwd = job.WorkingDirectory is { } cwd ? text.Of(cwd) : null,
            StdinMode = Words<StdinMode>.Of(job.StdinMode),
            StdinBytes = job.StdinBytes,
            TimeoutSeconds = job.Timeout?.TotalSeconds,
            KillGraceSeconds = job.Grace?.TotalSeconds,
            DrainSeconds = job.Drain?.TotalSeconds,
            MaxOutputBytes = job.KeepOutput,
            Priority = job.Priority,
            NotBefore = Timestamp.Of(job.NotBefore),
            ExpiresInSeconds = job.ExpiresIn?.TotalSeconds,
            RetryBackoffSeconds = job.RetryBackoff.TotalSeconds,
            After = job.After,
            AfterMode = Words<AfterMode>.Of(job.AfterMode),
            Key = job.Key,
            KeyPolicy = Words<KeyPolicy>.Of(job.KeyPolicy),
            Limits = LimitsJson.Of(job.Limits ?? new ResourceLimits()),
            CallbackUrl = job.CallbackUrl,
            Disconnect = Words<DisconnectPolicy>.Of(job.Disconnect),
            ClaimedUser = job.ClaimedUser,
            PassedThrough = job.PassedThrough,
            Survive = job.Survives,
            Isolation = job.Isolation is { } isolation ? Words<IsolationProfile>.Of(isolation) : null,
            Lossy = text.IsLossy,
        };
    }

    // Both moments are the wall clock's, which may have been set back in between.
    private static double? QueuedSecondsOf(JobRecord job) => job.StartedAt is { } started && job.QueuedAt is { } queued
        ? Math.Max(0, (started - queued).TotalSeconds)
        : null;
}

/// <summary>A page of jobs; the contract's JobList.</summary>
internal sealed record JobListJson(IReadOnlyList<JobJson> Items, string? NextCursor);
