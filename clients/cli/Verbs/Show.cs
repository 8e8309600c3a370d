using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid show</c>: everything the daemon knows of a job but its output.</summary>
internal static class Show
{
    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Argument<string> id = Operands.Id();
        Option<string?> output = Operands.Output("table");
        var verb = new Verb("show", "Show all members of a job.", "Times are local in the table, and UTC in JSON.")
        {
            Arguments = { id },
            Options = { output },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            long number = Operands.ReadId(words.GetRequiredValue(id));
            OutputFormat format = Operands.ReadFormat(words.GetValue(output)) ?? OutputFormat.Table;
            using DaemonClient daemon = daemonOptions.Open(words);
            Printer.PrintOne(await daemon.GetAsync(number, cancellation), format);
            return ExitCode.Ok;
        });
        return verb;
    }
}
