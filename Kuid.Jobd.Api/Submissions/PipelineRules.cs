using System.Text;
using Kuid.Jobd.Api.Json;
using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Sysreq.Grammar;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>What a pipeline has to be to be evaluated, and what only pipelines can have.</summary>
internal static class PipelineRules
{
    /// <summary>The rules of submitJob that are about pipelines.</summary>
    internal static void Check(JobSubmission submission, HostTable hosts, Mistakes mistakes)
    {
        if (submission.Pipeline is { } source)
        {
            CheckSource(source, mistakes);
        }

        if (CommandRules.KindOf(submission) is { } kind && kind != JobKind.Pipeline)
        {
            Forbid(submission.Host is not null, "/host", $"it is not allowed with the kind {Words<JobKind>.Of(kind)}", mistakes);
            Forbid(submission.Hosts is not null, "/hosts", $"it is not allowed with the kind {Words<JobKind>.Of(kind)}", mistakes);
            return;
        }

        const string NoProcess = "it is not allowed with the kind pipeline, which has no process of its own";
        Forbid(submission.Stdin is not null, "/stdin", NoProcess, mistakes);
        Forbid(submission.StdinMode is not (null or "none"), "/stdinMode", NoProcess, mistakes);
        Forbid(submission.DrainSeconds is not null, "/drainSeconds", NoProcess, mistakes);
        Forbid(submission.ClearEnv is not null, "/clearEnv", "it is not allowed with the kind pipeline, whose variables are those of env and no others", mistakes);
        CheckHosts(submission, hosts, mistakes);
    }

    /// <summary>Whether a pipeline can be read.</summary>
    internal static void CheckSource(string source, Mistakes mistakes)
    {
        if (CheckLength(source, mistakes))
        {
            try
            {
                ScriptParser.Parse(source);
            }
            catch (SyntaxException e)
            {
                mistakes.Add("/pipeline", e.Message, e.Span.Start);
            }
        }
    }

    /// <summary>Whether a pipeline has a length that is taken.</summary>
    internal static bool CheckLength(string source, Mistakes mistakes)
    {
        int bytes = Encoding.UTF8.GetByteCount(source);
        Forbid(bytes == 0, "/pipeline", "it is empty", mistakes);
        Forbid(bytes > SubmissionLimits.PipelineBytes, "/pipeline", $"it has {bytes} bytes; at most {SubmissionLimits.PipelineBytes} are allowed", mistakes);
        return bytes is > 0 and <= SubmissionLimits.PipelineBytes;
    }

    private static void CheckHosts(JobSubmission submission, HostTable hosts, Mistakes mistakes)
    {
        Forbid(submission is { Host: not null, Hosts: not null }, "/hosts", "it is not allowed with host", mistakes);
        if (submission.Host is { } host)
        {
            CheckHost("/host", host, hosts, mistakes);
        }

        if (submission.Hosts is not { } several)
        {
            return;
        }

        Forbid(several.Length is 0 or > SubmissionLimits.Hosts, "/hosts", $"there are {several.Length}; 1 to {SubmissionLimits.Hosts} are allowed", mistakes);
        for (int i = 0; i < several.Length; i++)
        {
            string pointer = JsonPointer.Element("/hosts", i);
            CheckHost(pointer, several[i], hosts, mistakes);
            Forbid(Array.IndexOf(several, several[i]) < i, pointer, "it is there already", mistakes);
        }
    }

    private static void CheckHost(string pointer, string host, HostTable hosts, Mistakes mistakes)
    {
        if (host.Length > SubmissionLimits.HostLength || host.Any(char.IsControl))
        {
            mistakes.Add(pointer, $"it has to be at most {SubmissionLimits.HostLength} characters without control characters");
            return;
        }

        try
        {
            hosts.Resolve(host);
        }
        catch (FormatException e)
        {
            mistakes.Add(pointer, e.Message);
        }
    }

    private static void Forbid(bool isSo, string pointer, string detail, Mistakes mistakes)
    {
        if (isSo)
        {
            mistakes.Add(pointer, detail);
        }
    }
}
