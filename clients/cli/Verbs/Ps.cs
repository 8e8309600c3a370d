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
        var watch = new Option<bool>("--watch", "-w") { Description = "Show the list as it changes; in a pipe, a line for each change." };
        var filters = new FilterOptions();
        var limit = new Option<string?>("--limit") { Description = $"How many at most. Default: {UsualLimit}.", HelpName = "N" };
        Option<string?> output = Operands.Output("table");
        var verb = new Verb("ps", "List jobs, newest first.", "Those that have not ended, unless -a or --state says otherwise. The filters combine. With -w, q or Ctrl-C ends it.")
        {
            Options = { all, watch },
        };
        filters.AddTo(verb);
        verb.Options.Add(limit);
        verb.Options.Add(output);
        verb.SetAction(async (words, cancellation) =>
        {
            OutputFormat format = Operands.ReadFormat(words.GetValue(output)) ?? OutputFormat.Table;
            int most = (int)(Operands.ReadNumber("--limit", words.GetValue(limit), 1, int.MaxValue) ?? UsualLimit);
            JobFilter filter = filters.Read(words);
            using DaemonClient daemon = daemonOptions.Open(words);
            JobFilter shown = words.GetValue(all) ? filter : filter.OrStates(JobState.Live);
            if (words.GetValue(watch))
            {
                return await WatchAsync(daemon, filter, shown, most, format, cancellation);
            }

            (List<Job> jobs, bool more) = await ReadAsync(daemon, shown, most, cancellation);
            Printer.PrintList(jobs, format);
            if (more && format == OutputFormat.Table && Descriptor.IsTerminal(Descriptor.Stdout))
            {
                Talk.Line($"there are more; --limit N shows other than {most}");
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static async Task<int> WatchAsync(
        DaemonClient daemon, JobFilter filter, JobFilter shown, int most, OutputFormat format, CancellationToken cancellation)
    {
        if (format == OutputFormat.Json)
        {
            throw new UsageException("--watch has no end, and a JSON array needs one; -o ndjson is a document a line");
        }

        if (format == OutputFormat.Table && TerminalTable.StdoutIsScreen)
        {
            return await new LiveJobs(daemon, shown, most).StayAsync(cancellation);
        }

        await new ChangedJobs(daemon, filter, shown, most, format).StayAsync(cancellation);
        return ExitCode.Ok;
    }

    /// <summary>The newest jobs that pass a filter.</summary>
    internal static async Task<(List<Job> Jobs, bool More)> ReadAsync(
        DaemonClient daemon, JobFilter filter, int most, CancellationToken cancellation)
    {
        var jobs = new List<Job>();
        string? cursor = null;
        do
        {
            int page = Math.Min(most - jobs.Count, PageSize);
            string next = cursor is null ? string.Empty : $"&cursor={Uri.EscapeDataString(cursor)}";
            string query = string.Create(CultureInfo.InvariantCulture, $"limit={page}{filter.Query}{next}");
            (IReadOnlyList<Job> some, cursor) = await daemon.ListAsync(query, cancellation);
            jobs.AddRange(some);
        }
        while (cursor is not null && jobs.Count < most);
        return (jobs, cursor is not null);
    }
}
