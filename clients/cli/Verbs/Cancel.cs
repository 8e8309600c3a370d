using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid cancel</c>: jobs that shall end, or never start.</summary>
internal static class Cancel
{
    private const string Details =
        "Those that wait never start, those that run get SIGTERM and, after their grace, SIGKILL. It does not wait for that. "
        + "A job that has ended stays as it ended, and that is no error.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Argument<string[]> ids = Operands.Ids();
        Option<string?> output = Operands.Output("nothing is printed");
        var verb = new Verb("cancel", "Cancel jobs.", Details) { Arguments = { ids }, Options = { output } };
        verb.SetAction(async (words, cancellation) =>
        {
            List<long> numbers = [.. words.GetRequiredValue(ids).Select(Operands.ReadId)];
            OutputFormat? format = Operands.ReadFormat(words.GetValue(output));
            using DaemonClient daemon = daemonOptions.Open(words);
            var canceled = new List<Job>();
            int code = await EachJob.DoAsync(numbers, async id => canceled.Add(await daemon.CancelAsync(id, cancellation)));
            if (format is { } wanted)
            {
                JobPrinter.PrintList(canceled, wanted);
            }

            return code;
        });
        return verb;
    }
}
