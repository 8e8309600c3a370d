using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid wait</c>: until jobs have ended, and then as they did.</summary>
internal static class Wait
{
    // Each is a request that hangs; the daemon has room for others too.
    private const int AtOnce = 32;

    private const string Details =
        "Of several it waits for all, and exits as the first of them, in the order in which they are named, that did not succeed.\n\n"
        + "Exit codes: the job's; 128+n when signal n ended it; 124 timeout; 125 kuid's own failure; 2 wrong use; 126 not "
        + "executable; 127 not found; 143 canceled.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Argument<string[]> ids = Operands.Ids();
        Option<string?> output = Operands.Output("nothing is printed");
        var verb = new Verb("wait", "Wait until jobs have ended, and exit as they did.", Details) { Arguments = { ids }, Options = { output } };
        verb.SetAction(async (words, cancellation) =>
        {
            long[] numbers = [.. words.GetRequiredValue(ids).Select(Operands.ReadId)];
            OutputFormat? format = Operands.ReadFormat(words.GetValue(output));
            using DaemonClient daemon = daemonOptions.Open(words);
            var ended = new Job?[numbers.Length];
            int refused = await AllAsync(daemon, numbers, ended, cancellation);
            Job[] jobs = [.. ended.OfType<Job>()];
            if (format is { } wanted)
            {
                Print(jobs, wanted, one: numbers.Length == 1);
            }

            // The one exit code that has several reasons, none of them in it.
            foreach (Job job in jobs.Where(job => ExitCode.Of(job) == ExitCode.Failure))
            {
                Run.Tell(job);
            }

            return jobs.Select(ExitCode.Of).Append(refused).FirstOrDefault(code => code != ExitCode.Ok);
        });
        return verb;
    }

    private static async Task<int> AllAsync(DaemonClient daemon, long[] ids, Job?[] ended, CancellationToken cancellation)
    {
        using var progress = ProgressLine.Start(ids.Length);
        int[] codes = new int[ids.Length];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForAsync(0, ids.Length, options, async (index, stop) => codes[index] = await Each.DoAsync(
            [ids[index]],
            async id =>
            {
                Job job = await daemon.WaitAsync(id, stop);
                ended[index] = job;
                progress.Ended(job.State == JobState.Succeeded);
            }));
        return codes.Max();
    }

    private static void Print(Job[] jobs, OutputFormat format, bool one)
    {
        if (!one)
        {
            Printer.PrintList(jobs, format);
        }
        else if (jobs is [var job])
        {
            Printer.PrintOne(job, format);
        }
    }
}
