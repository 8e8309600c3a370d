using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid wait</c>: until a job has ended, and then as it did.</summary>
internal static class Wait
{
    private const string Details =
        "Exit codes: the job's; 128+n when signal n ended it; 124 timeout; 125 kuid's own failure; 2 wrong use; 126 not "
        + "executable; 127 not found; 143 canceled.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Argument<string> id = Operands.Id();
        Option<string?> output = Operands.Output("nothing is printed");
        var verb = new Verb("wait", "Wait until a job has ended, and exit as it did.", Details) { Arguments = { id }, Options = { output } };
        verb.SetAction(async (words, cancellation) =>
        {
            long number = Operands.ReadId(words.GetRequiredValue(id));
            OutputFormat? format = Operands.ReadFormat(words.GetValue(output));
            using DaemonClient daemon = daemonOptions.Open(words);
            Job job = await daemon.WaitAsync(number, cancellation);
            if (format is { } wanted)
            {
                JobPrinter.PrintOne(job, wanted);
            }

            return ExitCode.Of(job);
        });
        return verb;
    }
}
