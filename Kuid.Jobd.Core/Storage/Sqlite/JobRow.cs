using System.Text;
using System.Text.Json;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Core.Storage.Sqlite;

/// <summary>A row of the table jobs: the members are its columns, the comments of <see cref="Schema"/> say in which units.</summary>
internal sealed class JobRow
{
    private static readonly byte[][] ShellWords = [.. new[] { "/bin/sh", "-c" }.Select(Encoding.UTF8.GetBytes)];

    public long Id { get; init; }

    public long Version { get; init; }

    public int Kind { get; init; }

    public int State { get; init; }

    public int? Reason { get; init; }

    public string? Detail { get; init; }

    public string? EndedBy { get; init; }

    public int? WaitStatus { get; init; }

    public int Origin { get; init; }

    public string Principal { get; init; } = string.Empty;

    public string? Name { get; init; }

    public string? Service { get; init; }

    public string? Queue { get; init; }

    public int Priority { get; init; }

    public string? Labels { get; init; }

    public byte[] Command { get; init; } = [];

    public string? Host { get; init; }

    public string? Hosts { get; init; }

    public byte[]? Env { get; init; }

    public bool ClearEnv { get; init; }

    public byte[]? Cwd { get; init; }

    public int StdinMode { get; init; }

    public long StdinBytes { get; init; }

    public long? Timeout { get; init; }

    public long? Grace { get; init; }

    public long? Drain { get; init; }

    public long? KeepOutput { get; init; }

    public long CreatedAt { get; init; }

    public long? QueuedAt { get; init; }

    public long? StartedAt { get; init; }

    public long? FinishedAt { get; init; }

    public long? Duration { get; init; }

    public long? CpuUser { get; init; }

    public long? CpuSystem { get; init; }

    public long? MaxRssBytes { get; init; }

    public int? Pid { get; init; }

    public string? PidBootId { get; init; }

    public long? PidStartTicks { get; init; }

    public long StdoutBytes { get; init; }

    public long StderrBytes { get; init; }

    public long StdoutKeptBytes { get; init; }

    public long StderrKeptBytes { get; init; }

    public bool OutputIncomplete { get; init; }

    public bool OutputPruned { get; init; }

    public int Attempt { get; init; }

    public int MaxAttempts { get; init; }

    public long? NotBefore { get; init; }

    public long? ExpiresIn { get; init; }

    public long RetryBackoff { get; init; }

    public long AttemptStdoutOffset { get; init; }

    public long AttemptStderrOffset { get; init; }

    public string? After { get; init; }

    public int AfterMode { get; init; }

    public string? ConcurrencyKey { get; init; }

    public int KeyPolicy { get; init; }

    public long? ParentId { get; init; }

    public long? BatchId { get; init; }

    public string? Schedule { get; init; }

    public string? Limits { get; init; }

    public string? CallbackUrl { get; init; }

    public int Disconnect { get; init; }

    public string? ClaimedUser { get; init; }

    public bool PassedThrough { get; init; }

    public bool Survives { get; init; }

    public int? Isolation { get; init; }

    internal static JobRow Of(JobRecord job) => new()
    {
        Id = job.Id,
        Version = job.Version,
        Kind = (int)job.Kind,
        State = (int)job.State,
        Reason = (int?)job.Reason,
        Detail = job.Detail,
        EndedBy = job.EndedBy,
        WaitStatus = job.WaitStatus,
        Origin = (int)job.Origin,
        Principal = job.Principal,
        Name = job.Name,
        Service = job.Service,
        Queue = job.Queue,
        Priority = job.Priority,
        Labels = job.Labels.Count == 0 ? null : JsonSerializer.Serialize(job.Labels),
        Command = job.Kind switch
        {
            JobKind.Shell => job.Argv[^1],
            JobKind.Pipeline => Encoding.UTF8.GetBytes(job.Pipeline!),
            _ => SqliteValues.FromList(job.Argv),
        },
        Host = job.Host,
        Hosts = job.Hosts is null ? null : JsonSerializer.Serialize(job.Hosts),
        Env = job.Environment.Count == 0 ? null : SqliteValues.FromList(job.Environment),
        ClearEnv = job.ClearEnvironment,
        Cwd = job.WorkingDirectory,
        StdinMode = (int)job.StdinMode,
        StdinBytes = job.StdinBytes,
        Timeout = SqliteValues.From(job.Timeout),
        Grace = SqliteValues.From(job.Grace),
        Drain = SqliteValues.From(job.Drain),
        KeepOutput = job.KeepOutput,
        CreatedAt = SqliteValues.From(job.CreatedAt),
        QueuedAt = SqliteValues.From(job.QueuedAt),
        StartedAt = SqliteValues.From(job.StartedAt),
        FinishedAt = SqliteValues.From(job.FinishedAt),
        Duration = SqliteValues.From(job.Duration),
        CpuUser = SqliteValues.From(job.CpuUser),
        CpuSystem = SqliteValues.From(job.CpuSystem),
        MaxRssBytes = job.MaxRssBytes,
        Pid = job.Pid,
        PidBootId = job.Process?.BootId,
        PidStartTicks = job.Process?.StartTicks,
        StdoutBytes = job.StdoutBytes,
        StderrBytes = job.StderrBytes,
        StdoutKeptBytes = job.StdoutKeptBytes,
        StderrKeptBytes = job.StderrKeptBytes,
        OutputIncomplete = job.OutputIncomplete,
        OutputPruned = job.OutputPruned,
        Attempt = job.Attempt,
        MaxAttempts = job.MaxAttempts,
        NotBefore = SqliteValues.From(job.NotBefore),
        ExpiresIn = SqliteValues.From(job.ExpiresIn),
        RetryBackoff = SqliteValues.From(job.RetryBackoff),
        AttemptStdoutOffset = job.AttemptStdoutOffset,
        AttemptStderrOffset = job.AttemptStderrOffset,
        After = job.After.Count == 0 ? null : JsonSerializer.Serialize(job.After),
        AfterMode = (int)job.AfterMode,
        ConcurrencyKey = job.Key,
        KeyPolicy = (int)job.KeyPolicy,
        ParentId = job.ParentId,
        BatchId = job.BatchId,
        Schedule = job.Schedule,
        Limits = job.Limits is null ? null : JsonSerializer.Serialize(job.Limits),
        CallbackUrl = job.CallbackUrl,
        Disconnect = (int)job.Disconnect,
        ClaimedUser = job.ClaimedUser,
        PassedThrough = job.PassedThrough,
        Survives = job.Survives,
        Isolation = (int?)job.Isolation,
    };

    internal JobRecord ToRecord() => new()
    {
        Id = Id,
        Version = Version,
        Kind = (JobKind)Kind,
        State = (JobState)State,
        Reason = (JobReason?)Reason,
        Detail = Detail,
        EndedBy = EndedBy,
        WaitStatus = WaitStatus,
        Origin = (JobOrigin)Origin,
        Principal = Principal,
        Name = Name,
        Service = Service,
        Queue = Queue,
        Priority = Priority,
        Labels = Labels is null ? JobRecord.NoLabels : JsonSerializer.Deserialize<Dictionary<string, string>>(Labels)!,
        Argv = (JobKind)Kind switch
        {
            JobKind.Shell => [.. ShellWords, Command],
            JobKind.Pipeline => [],
            _ => SqliteValues.ToList(Command),
        },
        Pipeline = (JobKind)Kind == JobKind.Pipeline ? Encoding.UTF8.GetString(Command) : null,
        Host = Host,
        Hosts = Hosts is null ? null : JsonSerializer.Deserialize<string[]>(Hosts),
        Environment = Env is null ? [] : SqliteValues.ToList(Env),
        ClearEnvironment = ClearEnv,
        WorkingDirectory = Cwd,
        StdinMode = (StdinMode)StdinMode,
        StdinBytes = StdinBytes,
        Timeout = SqliteValues.ToSpan(Timeout),
        Grace = SqliteValues.ToSpan(Grace),
        Drain = SqliteValues.ToSpan(Drain),
        KeepOutput = KeepOutput,
        CreatedAt = SqliteValues.ToTime(CreatedAt),
        QueuedAt = SqliteValues.ToTime(QueuedAt),
        StartedAt = SqliteValues.ToTime(StartedAt),
        FinishedAt = SqliteValues.ToTime(FinishedAt),
        Duration = SqliteValues.ToSpan(Duration),
        CpuUser = SqliteValues.ToSpan(CpuUser),
        CpuSystem = SqliteValues.ToSpan(CpuSystem),
        MaxRssBytes = MaxRssBytes,
        Pid = Pid,
        Process = PidBootId is { } boot && PidStartTicks is { } ticks ? new ProcessIdentity(boot, ticks) : null,
        StdoutBytes = StdoutBytes,
        StderrBytes = StderrBytes,
        StdoutKeptBytes = StdoutKeptBytes,
        StderrKeptBytes = StderrKeptBytes,
        OutputIncomplete = OutputIncomplete,
        OutputPruned = OutputPruned,
        Attempt = Attempt,
        MaxAttempts = MaxAttempts,
        NotBefore = SqliteValues.ToTime(NotBefore),
        ExpiresIn = SqliteValues.ToSpan(ExpiresIn),
        RetryBackoff = SqliteValues.ToSpan(RetryBackoff),
        AttemptStdoutOffset = AttemptStdoutOffset,
        AttemptStderrOffset = AttemptStderrOffset,
        After = After is null ? [] : JsonSerializer.Deserialize<long[]>(After)!,
        AfterMode = (AfterMode)AfterMode,
        Key = ConcurrencyKey,
        KeyPolicy = (KeyPolicy)KeyPolicy,
        ParentId = ParentId,
        BatchId = BatchId,
        Schedule = Schedule,
        Limits = Limits is null ? null : JsonSerializer.Deserialize<ResourceLimits>(Limits),
        CallbackUrl = CallbackUrl,
        Disconnect = (DisconnectPolicy)Disconnect,
        ClaimedUser = ClaimedUser,
        PassedThrough = PassedThrough,
        Survives = Survives,
        Isolation = (IsolationProfile?)Isolation,
    };
}
