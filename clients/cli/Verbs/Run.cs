using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid run</c>: a job as if it were a command of the shell's own.</summary>
internal static class Run
{
    internal const string Name = "run";

    private const string Summary = "Run a command as a job, with kuid's own streams, and exit as it did.";

    private const string Details =
        SubmissionOptions.EnvironmentNote + "\n\n"
        + "Ctrl-C sends SIGINT to the job, a second one cancels it, a third leaves it; SIGTERM and SIGHUP cancel it. Standard input "
        + "is passed on as it comes; in the background of a terminal, and in a loop that reads its own input, use -n.\n\n"
        + "Exit codes: the job's; 128+n when signal n ended it; 124 timeout; 125 kuid's own failure and wrong use; 126 not "
        + "executable; 127 not found; 141 when nobody reads the output any more, which cancels the job; 143 canceled.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var options = new SubmissionOptions(inCurrentFolder: true);
        var noStdin = new Option<bool>("--no-stdin", "-n") { Description = "Give the job an empty standard input." };
        var verb = new Verb(Name, Summary, Details) { TakesCommand = true };
        options.AddTo(verb);
        verb.Options.Add(noStdin);
        verb.SetAction(async (words, cancellation) =>
        {
            bool streamed = !words.GetValue(noStdin) && StandardInput.IsWorthReading();
            JobSubmission submission = options.Read(words) with
            {
                StdinMode = streamed ? "stream" : "none",
                Follow = true,
            };
            using DaemonClient daemon = daemonOptions.Open(words);
            using var interrupts = new Interrupts();
            Job job = await daemon.SubmitAsync(submission, cancellation);
            Job ended = await new AttachedJob(daemon, job.Id).StayAsync(streamed, interrupts, cancellation);
            Tell(ended);
            return ExitCode.Of(ended);
        });
        return verb;
    }

    /// <summary>Says on standard error why a job ended. An exit code and a signal speak for themselves, as they do in a shell.</summary>
    internal static void Tell(Job job)
    {
        string? sentence = job switch
        {
            { State: JobState.Succeeded } or { Reason: "exit" or "signal" } => null,
            { Reason: "timeout" } => $"job {job.Id} took longer than its timeout of {Humane.Duration(job.TimeoutSeconds)}",
            { Reason: "spawn" } => $"job {job.Id} could not be started: {job.Detail}",
            { State: JobState.Canceled } => $"job {job.Id} was canceled",
            _ => $"job {job.Id} {job.State}: {job.Reason}{(job.Detail is null ? string.Empty : ", " + job.Detail)}",
        };
        if (sentence is not null)
        {
            Talk.Line(sentence);
        }
    }
}
