using System.CommandLine;
using System.Globalization;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid ps</c>: the jobs there are, newest first.</summary>
internal static class Ps
{
    private const int UsualLimit = 50;
    private const int PageSize = 500;

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var all = new Option<bool>("--all", "-a") { Description = "The ended ones too." };
        var state = new Option<string?>("--state")
        {
            Description = $"Only these, separated by commas: {string.Join(", ", JobState.All)}.",
            HelpName = "STATES",
        };
        var queue = new Option<string?>("--queue") { Description = "Only those of this queue.", HelpName = "QUEUE" };
        var limit = new Option<string?>("--limit") { Description = $"How many at most. Default: {UsualLimit}.", HelpName = "N" };
        Option<string?> output = Operands.Output("table");
        var verb = new Verb("ps", "List jobs, newest first.", "Those that have not ended, unless -a or --state says otherwise.")
        {
            Options = { all, state, queue, limit, output },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            OutputFormat format = Operands.ReadFormat(words.GetValue(output)) ?? OutputFormat.Table;
            int most = (int)(Operands.ReadNumber("--limit", words.GetValue(limit), 1, int.MaxValue) ?? UsualLimit);
            string filter = StateFilter(words.GetValue(state), words.GetValue(all)) + Filter("queue", words.GetValue(queue));
            using DaemonClient daemon = daemonOptions.Open(words);
            (List<Job> jobs, bool more) = await ReadAsync(daemon, filter, most, cancellation);
            JobPrinter.PrintList(jobs, format);
            if (more && format == OutputFormat.Table && Descriptor.IsTerminal(Descriptor.Stdout))
            {
                Talk.Line($"there are more; --limit N shows other than {most}");
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static async Task<(List<Job> Jobs, bool More)> ReadAsync(
        DaemonClient daemon, string filter, int most, CancellationToken cancellation)
    {
        var jobs = new List<Job>();
        string? cursor = null;
        do
        {
            int page = Math.Min(most - jobs.Count, PageSize);
            string query = string.Create(CultureInfo.InvariantCulture, $"limit={page}{filter}{Filter("cursor", cursor)}");
            (IReadOnlyList<Job> next, cursor) = await daemon.ListAsync(query, cancellation);
            jobs.AddRange(next);
        }
        while (cursor is not null && jobs.Count < most);
        return (jobs, cursor is not null);
    }

    private static string StateFilter(string? states, bool all)
    {
        if (states is null)
        {
            return all ? string.Empty : $"&state={string.Join(',', JobState.Live)}";
        }

        string[] words = states.Split(',', StringSplitOptions.TrimEntries);
        return words.FirstOrDefault(word => !JobState.All.Contains(word, StringComparer.Ordinal)) is { } unknown
            ? throw new UsageException($"--state \"{unknown}\": allowed: {string.Join(", ", JobState.All)}")
            : $"&state={string.Join(',', words)}";
    }

    private static string Filter(string name, string? value) => value is null ? string.Empty : $"&{name}={Uri.EscapeDataString(value)}";
}
