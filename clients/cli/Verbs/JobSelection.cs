using System.CommandLine;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary>
/// The jobs that a verb is about: by their numbers, one request for each, or by a filter, where the daemon itself goes through them
/// (<c>bulkJobs</c>). All jobs are meant only by <c>--all</c>: a forgotten filter is no way to say so.
/// </summary>
/// <param name="action">The word of <c>bulkJobs</c>.</param>
/// <param name="usual">The format without <c>-o</c>; null to print nothing.</param>
internal sealed class JobSelection(string action, OutputFormat? usual = null)
{
    private readonly Argument<string[]> _ids = Operands.Ids(orFilter: true);
    private readonly FilterOptions _filters = new();
    private readonly Option<bool> _all = new("--all", "-a") { Description = "All jobs that pass the filters, or simply all." };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the numbers of the jobs and do nothing." };
    private readonly Option<string?> _output = Operands.Output(usual is { } format ? Operands.Formats[(int)format] : "nothing is printed");

    /// <summary>The verb.</summary>
    /// <param name="act">What is done to one; its result is what <c>-o</c> prints.</param>
    internal Verb Create(
        DaemonOptions daemonOptions, string name, string summary, string details, Func<DaemonClient, long, CancellationToken, Task<Job?>> act)
    {
        var verb = new Verb(name, summary, details + "\n\nInstead of numbers there can be filters, or --all.") { Arguments = { _ids }, Options = { _all } };
        _filters.AddTo(verb);
        verb.Options.Add(_dryRun);
        verb.Options.Add(_output);
        verb.SetAction(async (words, cancellation) =>
        {
            List<long> ids = [.. (words.GetValue(_ids) ?? []).Select(Operands.ReadId)];
            JobFilter filter = _filters.Read(words);
            OutputFormat? format = Operands.ReadFormat(words.GetValue(_output)) ?? usual;
            bool dryRun = words.GetValue(_dryRun);
            bool filtered = words.GetValue(_all) || !filter.IsEmpty;
            Check(ids, filtered);
            using DaemonClient daemon = daemonOptions.Open(words);
            return filtered || dryRun
                ? await InBulkAsync(daemon, ids, filter, dryRun, format, cancellation)
                : await OneByOneAsync(daemon, ids, act, format, cancellation);
        });
        return verb;
    }

    private static void Check(List<long> ids, bool filtered)
    {
        if (filtered == ids.Count > 0)
        {
            throw new UsageException(filtered ? "numbers and filters exclude each other" : "ID is missing; or a filter such as --state, or --all");
        }
    }

    private static async Task<int> OneByOneAsync(
        DaemonClient daemon, List<long> ids, Func<DaemonClient, long, CancellationToken, Task<Job?>> act, OutputFormat? format, CancellationToken cancellation)
    {
        var jobs = new List<Job>();
        int code = await Each.DoAsync(
            ids,
            async id =>
            {
                if (await act(daemon, id, cancellation) is { } job)
                {
                    jobs.Add(job);
                }
            });
        if (format is { } wanted)
        {
            Printer.PrintList(jobs, wanted);
        }

        return code;
    }

    private async Task<int> InBulkAsync(
        DaemonClient daemon, List<long> ids, JobFilter filter, bool dryRun, OutputFormat? format, CancellationToken cancellation)
    {
        BulkResult result = await daemon.BulkAsync(json => Write(json, ids, filter, dryRun), cancellation);
        foreach (BulkFailure failure in result.Failed)
        {
            Talk.Line($"job {failure.Id}: {failure.Detail ?? failure.Code}");
        }

        switch (format ?? (dryRun ? OutputFormat.Id : null))
        {
            case null:
                break;
            case OutputFormat.Id or OutputFormat.Table:
                Printer.Print(string.Concat((result.NewJobIds is [_, ..] ? result.NewJobIds : result.JobIds).Select(id => $"{id}\n")));
                break;
            case { } wanted:
                Printer.PrintDocument(
                    JsonSerializer.SerializeToUtf8Bytes(result, WireContext.Default.BulkResult), indented: wanted == OutputFormat.Json);
                break;
        }

        Talk.Line(dryRun ? $"{result.Matched} matched; nothing was done" : $"{result.Done} of {result.Matched} jobs");
        return result.Failed.Count == 0 ? ExitCode.Ok : ExitCode.Failure;
    }

    private void Write(Utf8JsonWriter json, List<long> ids, JobFilter filter, bool dryRun)
    {
        json.WriteString("action", action);
        json.WriteBoolean("dryRun", dryRun);
        if (ids.Count > 0)
        {
            json.WriteStartArray("ids");
            ids.ForEach(json.WriteNumberValue);
            json.WriteEndArray();
        }
        else if (filter.IsEmpty)
        {
            json.WriteBoolean("all", value: true);
        }
        else
        {
            json.WritePropertyName("filter");
            filter.Write(json);
        }
    }
}
