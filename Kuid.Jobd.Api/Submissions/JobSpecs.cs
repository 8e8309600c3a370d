using System.Text;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>Bodies to specifications: the one place where text becomes the bytes that are executed.</summary>
internal static class JobSpecs
{
    // Half characters have been refused by now; this throws rather than execute something else than was written.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The job of a submission.</summary>
    /// <param name="callbacks">Where its end may be posted; null for nowhere.</param>
    /// <param name="isolation">Which isolation it may have; null for any.</param>
    /// <exception cref="Problems.ProblemException">It cannot be run; every reason is in it.</exception>
    internal static JobSpec Of(
        JobSubmission submission, string principal, HostTable hosts, CallbackTargets? callbacks = null, IsolationPolicy? isolation = null)
    {
        var mistakes = new Mistakes();
        Check(submission, hosts, mistakes, callbacks, isolation);
        mistakes.ThrowIfAny();
        return Checked(submission, principal);
    }

    /// <summary>Looks whether a submission can be run.</summary>
    /// <param name="callbacks">Where its end may be posted; null for nowhere.</param>
    /// <param name="isolation">Which isolation it may have; null for any.</param>
    /// <param name="isItem">Whether it is an item of a batch, which has rules of its own beside these.</param>
    internal static void Check(
        JobSubmission submission, HostTable hosts, Mistakes mistakes, CallbackTargets? callbacks = null, IsolationPolicy? isolation = null,
        bool isItem = false)
    {
        if (submission.AfterItems is not null && !isItem)
        {
            mistakes.Add("/afterItems", "it is allowed in a batch only; a job on its own has after");
        }

        CommandRules.Check(submission, mistakes);
        PipelineRules.Check(submission, hosts, mistakes);
        IsolationRules.Check(submission, isolation ?? IsolationPolicy.None, mistakes);
        CallbackRules.Check(submission, callbacks ?? CallbackTargets.None, mistakes);
    }

    /// <summary>The job of a submission in which there is no mistake.</summary>
    internal static JobSpec Checked(JobSubmission submission, string principal) =>
        Spec(submission, principal, SubmissionLimits.JobOutputBytes) with
        {
            Queue = submission.Queue ?? SubmissionLimits.DefaultQueue,
            Priority = submission.Priority ?? 0,
            NotBefore = submission.NotBefore is { } notBefore ? Timestamp.Parse(notBefore) : null,
            ExpiresIn = Seconds(submission.ExpiresInSeconds),
            MaxAttempts = submission.MaxAttempts ?? 1,
            RetryBackoff = Seconds(submission.RetryBackoffSeconds) ?? SubmissionLimits.RetryBackoff,
            After = submission.After ?? [],
            AfterMode = Word(submission.AfterMode, AfterMode.Success),
            Key = submission.Key,
            KeyPolicy = Word(submission.KeyPolicy, KeyPolicy.Queue),
            Limits = submission.Limits?.ToLimits(),
            CallbackUrl = submission.CallbackUrl,
            Disconnect = Word(submission.Disconnect, DisconnectPolicy.Continue),
            IsFollowed = submission.Follow ?? false,
            Survive = submission.Survive,
            Stdin = submission.StdinMode == "stream" ? new StreamedInput() : InputOf(submission),
            Pipeline = submission.Pipeline is { } source ? PipelineOf(submission, source) : null,
        };

    /// <summary>The job of an exec request, which is in no queue.</summary>
    /// <exception cref="Problems.ProblemException">It cannot be run; every reason is in it.</exception>
    internal static JobSpec Of(ExecRequest request, string principal, IsolationPolicy? isolation = null)
    {
        var mistakes = new Mistakes();
        CommandRules.Check(request, mistakes);
        IsolationRules.Check(request, isolation ?? IsolationPolicy.None, mistakes);
        mistakes.ThrowIfAny();
        return Spec(request, principal, SubmissionLimits.ExecOutputBytes) with
        {
            Disconnect = Word(request.Disconnect, DisconnectPolicy.Cancel),
        };
    }

    private static JobSpec Spec(CommandRequest request, string principal, long outputBytes) => new()
    {
        Process = request.Command is null && request.Argv is null ? null : ProcessOf(request),
        Kind = CommandRules.KindOf(request)!.Value,
        Origin = JobOrigin.Http,
        Principal = principal,
        Name = request.Name,
        Isolation = request.Isolation is { } isolation ? Words<IsolationProfile>.Parse(isolation) : null,
        Labels = request.Labels ?? [],
        Stdin = InputOf(request),
        Timeout = Seconds(request.TimeoutSeconds),
        Grace = Seconds(request.KillGraceSeconds),
        Drain = CommandRules.KindOf(request) == JobKind.Pipeline ? null : Seconds(request.DrainSeconds) ?? SubmissionLimits.Drain,
        KeepOutput = request.MaxOutputBytes ?? outputBytes,
    };

    private static T Word<T>(string? word, T otherwise)
        where T : struct, Enum => word is null ? otherwise : Words<T>.Parse(word)!.Value;

    private static ProcessSpec ProcessOf(CommandRequest request)
    {
        ProcessSpec process = request.Command is { } command
            ? ProcessSpec.Shell(Strict.GetBytes(command))
            : new ProcessSpec(Strict.GetBytes(request.Argv![0]), [.. request.Argv.Select(Strict.GetBytes)]);
        return process with
        {
            Environment = EnvironmentOf(request),
            ClearEnvironment = request.ClearEnv ?? false,
            WorkingDirectory = DirectoryOf(request),
        };
    }

    private static PipelineSpec PipelineOf(JobSubmission submission, string source) => new(source)
    {
        Host = submission.Host,
        Hosts = submission.Hosts,
        Environment = EnvironmentOf(submission),
        WorkingDirectory = DirectoryOf(submission),
    };

    private static byte[][] EnvironmentOf(CommandRequest request) =>
        [.. (request.Env ?? []).Select(variable => Strict.GetBytes($"{variable.Key}={variable.Value}"))];

    private static byte[]? DirectoryOf(CommandRequest request) => request.Cwd is { } cwd ? Strict.GetBytes(cwd) : null;

    private static JobInput InputOf(CommandRequest request) =>
        request.Stdin is { Length: > 0 } stdin ? JobInput.FromBytes(stdin) : JobInput.Empty;

    // No shorter than a clock tick: a timeout of 1e-300 seconds is one, not none.
    private static TimeSpan? Seconds(double? seconds) => seconds switch
    {
        null => null,
        > 0 => TimeSpan.FromTicks(Math.Max(1, (long)(seconds.Value * TimeSpan.TicksPerSecond))),
        _ => TimeSpan.Zero,
    };
}
