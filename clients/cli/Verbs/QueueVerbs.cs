using System.CommandLine;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Completions;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid queue</c>: in which jobs wait, and how many of each run at once.</summary>
internal static class QueueVerbs
{
    // The daemon's bound.
    private const int MostAtOnce = 10_000;

    private static readonly Resource Resource = new("queues", QueueListing.Listing);

    /// <summary>The verb with its verbs.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var verbs = new ResourceVerbs(daemonOptions, Resource, () => Operands.Names("The queues.", Candidates.Queues));
        return new Verb("queue", "List, limit, pause, drain and empty queues.", "A queue is there as soon as it is set or a job is submitted to it.")
        {
            Subcommands =
            {
                verbs.List("List the queues, with how many jobs run and wait in each."),
                verbs.Show("Show queues."),
                Set(daemonOptions),
                verbs.Remove("Remove queues, that is, what has been set of them.", "One in which jobs wait or run is refused."),
                verbs.Act("pause", "Start no more jobs of queues.", "Those that run go on, and submissions are taken."),
                verbs.Act("resume", "Start jobs of queues again, and take submissions again.", "The end of pause and drain."),
                verbs.Act("drain", "Take no more jobs into queues.", "Those that are there run to their end."),
                verbs.Act("purge", "Cancel all jobs that wait in queues.", "Those that run go on.", shown: QueueListing.Purges),
            },
        };
    }

    private static Verb Set(DaemonOptions daemonOptions)
    {
        Argument<string> name = Operands.Name("The queue.", Candidates.Queues);
        var concurrency = new Option<string?>("--concurrency") { Description = "How many of its jobs run at once.", HelpName = "N" };
        var paused = new Option<bool>("--paused") { Description = "Start none of its jobs until it is resumed." };
        Option<string?> output = Operands.Output("nothing is printed");
        var verb = new Verb("set", "Say how many jobs of a queue run at once.", "What is not said has its default: as many at once as the daemon's --concurrency, not paused.")
        {
            Arguments = { name },
            Options = { concurrency, paused, output },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            long? atOnce = Operands.ReadNumber("--concurrency", words.GetValue(concurrency), 1, MostAtOnce);
            OutputFormat? format = Operands.ReadFormat(words.GetValue(output));
            using DaemonClient daemon = daemonOptions.Open(words);
            byte[] body = JsonBody.Of(json =>
            {
                if (atOnce is { } number)
                {
                    json.WriteNumber("concurrency", number);
                }

                JsonBody.WriteIfTrue(json, "paused", words.GetValue(paused));
            });
            JsonElement? queue = await daemon.DoAsync(HttpMethod.Put, Resource.One(words.GetRequiredValue(name)), body, cancellation);
            if (format is { } wanted && queue is { } document)
            {
                Printer.PrintOne(document, QueueListing.Listing, wanted);
            }

            return ExitCode.Ok;
        });
        return verb;
    }
}
