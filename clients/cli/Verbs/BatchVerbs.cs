using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Completions;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid batch</c>: many jobs, submitted in one transaction.</summary>
internal static class BatchVerbs
{
    private const string Running = "running";
    private static readonly Resource Resource = new("batches", BatchListing.Listing);

    /// <summary>The verb with its verbs.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var verbs = new ResourceVerbs(daemonOptions, Resource, Numbers);
        return new Verb("batch", "Submit many jobs at once, and wait for all of them.")
        {
            Subcommands =
            {
                BatchSubmit.Create(daemonOptions, Resource),
                verbs.List("List the batches, newest first."),
                verbs.Show("Show batches, with the numbers of their jobs."),
                Wait(daemonOptions),
                verbs.Act("cancel", "Cancel all jobs of batches.", "Those that have ended stay as they ended."),
            },
        };
    }

    private static Argument<string[]> Numbers()
    {
        var ids = new Argument<string[]>("ID") { Description = "The batches' numbers.", Arity = ArgumentArity.OneOrMore };
        return Operands.WithCandidates(ids, Candidates.Batches);
    }

    private static Verb Wait(DaemonOptions daemonOptions)
    {
        Argument<string> id = Operands.WithCandidates(new Argument<string>("ID") { Description = "The batch's number." }, Candidates.Batches);
        Option<string?> output = Operands.Output("nothing is printed");
        var verb = new Verb("wait", "Wait until all jobs of a batch have ended.", "Exit codes: 0 when all succeeded, 1 when not, 143 when it was canceled.")
        {
            Arguments = { id },
            Options = { output },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            string number = Operands.ReadId(words.GetRequiredValue(id), "batch").ToString(CultureInfo.InvariantCulture);
            OutputFormat? format = Operands.ReadFormat(words.GetValue(output));
            using DaemonClient daemon = daemonOptions.Open(words);
            JsonElement batch = await UntilEndAsync(daemon, Resource.One(number), cancellation);
            if (format is { } wanted)
            {
                Printer.PrintOne(batch, BatchListing.Listing, wanted);
            }

            return batch.GetProperty("state").GetString() switch
            {
                JobState.Succeeded => ExitCode.Ok,
                JobState.Canceled => ExitCode.Canceled,
                _ => ExitCode.Unwell,
            };
        });
        return verb;
    }

    private static async Task<JsonElement> UntilEndAsync(DaemonClient daemon, string path, CancellationToken cancellation)
    {
        JsonElement batch = await daemon.DocumentAsync(path, cancellation);
        using var progress = ProgressLine.Start(Count(batch, []));
        while (true)
        {
            Task pause = Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            progress.Set(
                Count(batch, JobState.Live) is var live ? Count(batch, []) - live : 0,
                Count(batch, JobState.Failed, JobState.Canceled, JobState.Lost));
            if (batch.GetProperty("state").GetString() != Running)
            {
                return batch;
            }

            // The answer comes when all have ended, and before that now and then, for somebody may watch the line. A daemon that is
            // being stopped answers at once; it is not asked a thousand times a second.
            batch = await daemon.DocumentAsync($"{path}?wait=2", cancellation);
            if (batch.GetProperty("state").GetString() == Running)
            {
                await pause;
            }
        }
    }

    // With no names, all.
    private static int Count(JsonElement batch, params string[] states) => batch.GetProperty("counts").EnumerateObject()
        .Where(count => states.Length == 0 || states.Contains(count.Name, StringComparer.Ordinal))
        .Sum(count => count.Value.GetInt32());
}
