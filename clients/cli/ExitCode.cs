using Kuid.Cli.Api;

namespace Kuid.Cli;

/// <summary>What kuid exits with: the numbers of timeout(1), env(1) and docker, so that scripts need not learn new ones.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    internal const int Ok = 0;

    /// <summary>A batch of which not all jobs succeeded.</summary>
    internal const int Unwell = 1;

    /// <summary>Wrong use of any verb but <c>run</c>, whose 2 is the job's.</summary>
    internal const int Usage = 2;

    /// <summary>The job took longer than it was given.</summary>
    internal const int Timeout = 124;

    /// <summary>kuid's own failure: no daemon, a refusal, a job that was lost; and wrong use of <c>run</c>.</summary>
    internal const int Failure = 125;

    /// <summary>The program is there and could not be executed.</summary>
    internal const int NotExecutable = 126;

    /// <summary>There is no such program.</summary>
    internal const int NotFound = 127;

    /// <summary>Ctrl-C: what a shell calls the end by SIGINT.</summary>
    internal const int Interrupted = 128 + 2;

    /// <summary>Whoever read kuid's output has gone: what a shell calls the end by SIGPIPE.</summary>
    internal const int ReaderGone = 128 + 13;

    /// <summary>It was canceled: what a shell calls the end by SIGTERM.</summary>
    internal const int Canceled = 128 + 15;

    private const int BySignal = 128;

    /// <summary>The exit code of an ended job, as a shell would have it had it run the command itself.</summary>
    internal static int Of(Job job) => job switch
    {
        { State: JobState.Succeeded } => Ok,
        { Reason: "timeout" } => Timeout,
        { Reason: "spawn" } => OfFailedStart(job.Detail),
        { State: JobState.Lost } => Failure,
        { Signal: { } signal } => SignalNumber.Of(signal) is { } number ? BySignal + number : Failure,
        { ExitCode: { } code and not 0 } => code,

        // It exited with 0 because it was told to end, or it never started; either way it did not do what was asked.
        { State: JobState.Canceled } => Canceled,
        _ => Failure,
    };

    /// <summary>The exit code of a raw wait status (wait(2)).</summary>
    internal static int Of(int waitStatus) => (waitStatus & 0x7f) is > 0 and int signal ? OfSignal(signal) : (waitStatus >> 8) & 0xff;

    /// <summary>What a shell calls the end by a signal.</summary>
    internal static int OfSignal(int signal) => BySignal + signal;

    /// <summary>The exit code of a program that could not be started.</summary>
    /// <param name="detail">
    /// The daemon's sentence begins with the step that failed and names the error: <c>exec nosuch: ENOENT (No such file or directory)</c>.
    /// Whatever failed before exec (the working directory, no memory) is not about the program.
    /// </param>
    internal static int OfFailedStart(string? detail) => detail switch
    {
        null => Failure,
        _ when !detail.StartsWith("exec ", StringComparison.Ordinal) => Failure,
        _ when detail.Contains(": ENOENT", StringComparison.Ordinal) => NotFound,
        _ => NotExecutable,
    };
}
