using System.Buffers;
using System.Globalization;
using System.Text;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>What a well-formed command has to be to be run: the contract's descriptions, member by member.</summary>
internal static class CommandRules
{
    private static readonly SearchValues<char> LabelKeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-");

    /// <summary>The rules of submitJob.</summary>
    internal static void Check(JobSubmission submission, Mistakes mistakes)
    {
        CheckCommand(submission, SubmissionLimits.MostJobOutputBytes, mistakes);
        WaitingRules.Check(submission, mistakes);
        CheckSurvive(submission, mistakes);
        switch (submission.StdinMode)
        {
            case null or "inline" when submission.Stdin is not null:
            case null or "none" or "stream" when submission.Stdin is null:
                break;
            case "inline":
                mistakes.Add("/stdin", "it is missing; the stdinMode inline needs it");
                break;
            case "none" or "stream":
                mistakes.Add("/stdin", $"it is not allowed with the stdinMode {submission.StdinMode}");
                break;
            default:
                mistakes.Add("/stdinMode", "it has to be none, inline or stream");
                break;
        }
    }

    // What needs the daemon while it runs cannot outlive it.
    private static void CheckSurvive(JobSubmission submission, Mistakes mistakes)
    {
        if (submission.Survive != true)
        {
            return;
        }

        if (KindOf(submission) == JobKind.Pipeline)
        {
            mistakes.Add("/survive", "it is not allowed with the kind pipeline, which the daemon evaluates");
        }

        if (submission.Isolation == "strict")
        {
            mistakes.Add("/survive", "it is not allowed with the isolation strict");
        }

        if (submission.StdinMode == "stream")
        {
            mistakes.Add("/survive", "it is not allowed with the stdinMode stream, which comes through the daemon; inline is");
        }
    }

    /// <summary>The rules of exec.</summary>
    internal static void Check(ExecRequest request, Mistakes mistakes)
    {
        CheckCommand(request, SubmissionLimits.MostExecOutputBytes, mistakes);
        if (request.Encoding is not (null or "text" or "base64"))
        {
            mistakes.Add("/encoding", "it has to be text or base64");
        }

        WaitingRules.CheckWord<DisconnectPolicy>("/disconnect", request.Disconnect, mistakes);
    }

    private static void CheckCommand(CommandRequest request, long mostOutput, Mistakes mistakes)
    {
        CheckWhatToRun(request, mistakes);
        CheckEnvironment(request.Env, mistakes);
        CheckLabels(request.Labels, mistakes);
        if (request.Cwd is { } cwd)
        {
            CheckDirectory(cwd, mistakes);
        }

        if (request.Stdin is { Length: > SubmissionLimits.StdinBytes })
        {
            mistakes.Add("/stdin", $"it has {request.Stdin.Length} bytes; at most {SubmissionLimits.StdinBytes} are allowed, more with the stdinMode stream");
        }

        CheckName(request.Name, mistakes);
        CheckTimeout(request.TimeoutSeconds, mistakes);
        CheckSeconds("/killGraceSeconds", request.KillGraceSeconds, mistakes);
        CheckSeconds("/drainSeconds", request.DrainSeconds, mistakes);
        CheckOutput(request.MaxOutputBytes, mostOutput, mistakes);
    }

    /// <summary>The rules of runService that are those of every job.</summary>
    internal static void CheckCall(ServiceCallRequest request, Mistakes mistakes)
    {
        CheckEnvironment(request.Env, mistakes);
        CheckLabels(request.Labels, mistakes);
        if (request.Stdin is { Length: > SubmissionLimits.StdinBytes })
        {
            mistakes.Add("/stdin", $"it has {request.Stdin.Length} bytes; at most {SubmissionLimits.StdinBytes} are allowed");
        }

        CheckName(request.Name, mistakes);
        CheckTimeout(request.TimeoutSeconds, mistakes);
        CheckOutput(request.MaxOutputBytes, SubmissionLimits.MostJobOutputBytes, mistakes);
    }

    private static void CheckName(string? name, Mistakes mistakes)
    {
        if (name is not null && (name.Length > SubmissionLimits.NameLength || name.Any(char.IsControl)))
        {
            mistakes.Add("/name", $"it has to be at most {SubmissionLimits.NameLength} characters without control characters");
        }
    }

    private static void CheckTimeout(double? timeout, Mistakes mistakes)
    {
        if (timeout is { } seconds && !(seconds > 0 && seconds <= SubmissionLimits.LongestSeconds))
        {
            mistakes.Add("/timeoutSeconds", Number(seconds, $"more than 0, at most {SubmissionLimits.LongestSeconds} seconds"));
        }
    }

    private static void CheckOutput(long? bytes, long most, Mistakes mistakes)
    {
        if (bytes is { } output && (output < 0 || output > most))
        {
            mistakes.Add("/maxOutputBytes", Number(output, $"0 to {most} bytes"));
        }
    }

    /// <summary>The kind of a request: the one it names, or the one that the member it has belongs to; null when neither says.</summary>
    internal static JobKind? KindOf(CommandRequest request) => request.Kind is { } kind
        ? Words<JobKind>.Parse(kind)
        : Given(request).ToList() is [(var only, _)] ? only : null;

    /// <summary>The members of a request that say what to run, each with its kind.</summary>
    private static IEnumerable<(JobKind Kind, string Member)> Given(CommandRequest request)
    {
        (bool IsThere, JobKind Kind, string Member)[] all =
        [
            (request.Command is not null, JobKind.Shell, "command"),
            (request.Argv is not null, JobKind.Argv, "argv"),
            (request is JobSubmission { Pipeline: not null }, JobKind.Pipeline, "pipeline"),
        ];
        return all.Where(each => each.IsThere).Select(each => (each.Kind, each.Member));
    }

    private static void CheckWhatToRun(CommandRequest request, Mistakes mistakes)
    {
        bool takesPipelines = request is JobSubmission;
        string members = takesPipelines ? "command, argv and pipeline" : "command and argv";
        if (KindOf(request) is not { } kind || kind == JobKind.Callback || (kind == JobKind.Pipeline && !takesPipelines))
        {
            mistakes.Add("/kind", request.Kind is null
                ? $"it is missing; without it exactly one of {members} has to be there"
                : takesPipelines ? "it has to be shell, argv or pipeline" : "it has to be shell or argv; a pipeline is submitted as a job");
            return;
        }

        string wanted = kind switch { JobKind.Shell => "command", JobKind.Argv => "argv", _ => "pipeline" };
        if (Given(request).All(given => given.Kind != kind))
        {
            mistakes.Add("/" + wanted, $"it is missing; the kind {Words<JobKind>.Of(kind)} needs it");
        }

        foreach ((_, string other) in Given(request).Where(given => given.Kind != kind))
        {
            mistakes.Add("/" + other, $"it is not allowed with the kind {Words<JobKind>.Of(kind)}");
        }

        if (request.Command is { } command)
        {
            CheckArgument("/command", command, mistakes);
            if (command.Length == 0)
            {
                mistakes.Add("/command", "it is empty");
            }
        }

        if (request.Argv is { } argv)
        {
            CheckArguments(argv, mistakes);
        }
    }

    private static void CheckArguments(string[] argv, Mistakes mistakes)
    {
        if (argv.Length == 0)
        {
            mistakes.Add("/argv", "it is empty; the first element is the program");
        }
        else if (argv[0].Length == 0)
        {
            mistakes.Add("/argv/0", "it is empty; it is the program");
        }

        for (int i = 0; i < argv.Length; i++)
        {
            CheckArgument(JsonPointer.Element("/argv", i), argv[i], mistakes);
        }
    }

    internal static void CheckArgument(string pointer, string argument, Mistakes mistakes)
    {
        if (argument.Contains('\0', StringComparison.Ordinal))
        {
            mistakes.Add(pointer, "it has a NUL, which no argument can have");
        }

        int bytes = Encoding.UTF8.GetByteCount(argument);
        if (bytes > SubmissionLimits.ArgumentBytes)
        {
            mistakes.Add(pointer, $"it has {bytes} bytes; Linux takes at most {SubmissionLimits.ArgumentBytes}");
        }
    }

    private static void CheckEnvironment(Dictionary<string, string>? environment, Mistakes mistakes)
    {
        foreach ((string name, string value) in environment ?? [])
        {
            string pointer = JsonPointer.Member("/env", name);
            if (name.Length == 0 || name.AsSpan().ContainsAny('=', '\0'))
            {
                mistakes.Add(pointer, "the name of a variable is not empty and has no = and no NUL");
            }

            CheckArgument(pointer, $"{name.Replace('\0', '?')}={value}", mistakes);
        }
    }

    internal static void CheckLabels(Dictionary<string, string>? labels, Mistakes mistakes)
    {
        if (labels?.Count > SubmissionLimits.Labels)
        {
            mistakes.Add("/labels", $"there are {labels.Count}; at most {SubmissionLimits.Labels} are allowed");
        }

        foreach ((string key, string value) in labels ?? [])
        {
            string pointer = JsonPointer.Member("/labels", key);
            if (key.Length is 0 or > SubmissionLimits.LabelKeyLength || key.AsSpan().ContainsAnyExcept(LabelKeyCharacters))
            {
                mistakes.Add(pointer, $"the key has to be 1 to {SubmissionLimits.LabelKeyLength} characters of A-Z a-z 0-9 . _ / -");
            }

            if (value.Length > SubmissionLimits.LabelValueLength)
            {
                mistakes.Add(pointer, $"the value has {value.Length} characters; at most {SubmissionLimits.LabelValueLength} are allowed");
            }
        }
    }

    private static void CheckDirectory(string cwd, Mistakes mistakes)
    {
        if (!cwd.StartsWith('/') || cwd.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(cwd) > SubmissionLimits.PathBytes)
        {
            mistakes.Add("/cwd", $"it has to be an absolute path of at most {SubmissionLimits.PathBytes} bytes without NUL");
        }
    }

    private static void CheckSeconds(string pointer, double? seconds, Mistakes mistakes)
    {
        if (seconds is { } given && !(given >= 0 && given <= SubmissionLimits.LongestSeconds))
        {
            mistakes.Add(pointer, Number(given, $"0 to {SubmissionLimits.LongestSeconds} seconds"));
        }
    }

    internal static string Number(double given, string allowed) =>
        string.Create(CultureInfo.InvariantCulture, $"{given} is not allowed: {allowed}");
}
