using System.CommandLine;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary>The verbs that are the same for queues, schedules, hosts and batches.</summary>
/// <param name="daemonOptions">How to reach the daemon.</param>
/// <param name="resource">What they are about.</param>
/// <param name="named">Makes the operand that names some of them.</param>
internal sealed class ResourceVerbs(DaemonOptions daemonOptions, Resource resource, Func<Argument<string[]>> named)
{
    /// <summary><c>ls</c>.</summary>
    internal Verb List(string summary, string? details = null)
    {
        Option<string?> output = Operands.Output("table");
        var verb = new Verb("ls", summary, details) { Options = { output } };
        verb.SetAction(async (words, cancellation) =>
        {
            OutputFormat format = Operands.ReadFormat(words.GetValue(output)) ?? OutputFormat.Table;
            using DaemonClient daemon = daemonOptions.Open(words);
            Printer.PrintList(await daemon.DocumentsAsync(resource.All, cancellation), resource.Listing, format);
            return ExitCode.Ok;
        });
        return verb;
    }

    /// <summary><c>show</c>.</summary>
    internal Verb Show(string summary, string? details = null) =>
        OfEach("show", summary, details, "table", (daemon, name, cancellation) => FindAsync(daemon, name, cancellation));

    /// <summary><c>rm</c>.</summary>
    internal Verb Remove(string summary, string? details = null)
    {
        Argument<string[]> names = named();
        var verb = new Verb("rm", summary, details) { Arguments = { names } };
        verb.SetAction(async (words, cancellation) =>
        {
            using DaemonClient daemon = daemonOptions.Open(words);
            return await Each.DoAsync(
                words.GetRequiredValue(names),
                name => daemon.DoAsync(HttpMethod.Delete, resource.One(name), json: null, cancellation));
        });
        return verb;
    }

    /// <summary>A verb that is an operation of the same name on each of some.</summary>
    /// <param name="shown">What an answer looks like, where that is something else.</param>
    internal Verb Act(string action, string summary, string? details = null, string usual = "nothing is printed", Listing? shown = null) =>
        OfEach(
            action,
            summary,
            details,
            usual,
            (daemon, name, cancellation) => daemon.DoAsync(HttpMethod.Post, resource.Act(name, action), json: null, cancellation),
            shown);

    /// <summary>A verb that gets a document for each of some.</summary>
    internal Verb OfEach(
        string word,
        string summary,
        string? details,
        string usual,
        Func<DaemonClient, string, CancellationToken, Task<JsonElement?>> act,
        Listing? shown = null)
    {
        Argument<string[]> names = named();
        Option<string?> output = Operands.Output(usual);
        var verb = new Verb(word, summary, details) { Arguments = { names }, Options = { output } };
        verb.SetAction(async (words, cancellation) =>
        {
            OutputFormat? format = Operands.ReadFormat(words.GetValue(output)) ?? Operands.ReadFormat(Operands.Formats.Contains(usual, StringComparer.Ordinal) ? usual : null);
            string[] wanted = words.GetRequiredValue(names);
            using DaemonClient daemon = daemonOptions.Open(words);
            var documents = new List<JsonElement>();
            int code = await Each.DoAsync(
                wanted,
                async name =>
                {
                    if (await act(daemon, name, cancellation) is { } document)
                    {
                        documents.Add(document);
                    }
                });
            if (format is { } chosen)
            {
                Print(documents, shown ?? resource.Listing, chosen, one: wanted.Length == 1);
            }

            return code;
        });
        return verb;
    }

    // One that was named alone is one document, several are a list.
    private static void Print(List<JsonElement> documents, Listing listing, OutputFormat format, bool one)
    {
        if (!one)
        {
            Printer.PrintList(documents, listing, format);
        }
        else if (documents is [var document])
        {
            Printer.PrintOne(document, listing, format);
        }
    }

    private async Task<JsonElement?> FindAsync(DaemonClient daemon, string name, CancellationToken cancellation) =>
        await daemon.DocumentAsync(resource.One(name), cancellation);
}
