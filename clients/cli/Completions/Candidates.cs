using System.CommandLine.Completions;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Completions;

/// <summary>
/// What the daemon knows of and a word on the command line may mean. Somebody waits with a finger on Tab: a daemon that is not there, or
/// not quick, has nothing to offer, and nothing is said about it.
/// </summary>
internal static class Candidates
{
    private const string MostJobs = "100";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>The newest jobs.</summary>
    internal static IEnumerable<CompletionItem> Jobs(CompletionContext context) =>
        Ask(context, $"v1/jobs?limit={MostJobs}", "id", document => $"{document.GetProperty("state")} {Humane.Command(Job.From(document))}");

    /// <summary>The queues.</summary>
    internal static IEnumerable<CompletionItem> Queues(CompletionContext context) => Ask(context, "v1/queues", "name", _ => "queue");

    /// <summary>The hosts for pipelines.</summary>
    internal static IEnumerable<CompletionItem> Hosts(CompletionContext context) => Ask(context, "v1/hosts", "name", Member.Of("address"));

    /// <summary>The schedules.</summary>
    internal static IEnumerable<CompletionItem> Schedules(CompletionContext context) => Ask(context, "v1/schedules", "name", Member.Of("cron"));

    /// <summary>The batches.</summary>
    internal static IEnumerable<CompletionItem> Batches(CompletionContext context) => Ask(context, "v1/batches", "id", Member.Of("state"));

    /// <summary>The services.</summary>
    internal static IEnumerable<CompletionItem> Services(CompletionContext context) => Ask(context, "v1/services", "name", Member.Of("description"));

    private static CompletionItem[] Ask(CompletionContext context, string path, string identity, Func<JsonElement, string> describe)
    {
        try
        {
            using DaemonClient daemon = DaemonOptions.OpenFor(context.ParseResult);
            using var patience = new CancellationTokenSource(Patience);
            JsonElement list = daemon.DocumentAsync(path, patience.Token).GetAwaiter().GetResult();
            return [.. list.GetProperty("items").EnumerateArray()
                .Select(document => new CompletionItem(document.GetProperty(identity).ToString(), detail: describe(document)))];
        }
        catch (Exception e) when (e is FailureException or OperationCanceledException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return [];
        }
    }
}
