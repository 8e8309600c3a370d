using System.CommandLine;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Completions;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid service</c>: what users offer to be run, and calls of it as jobs.</summary>
internal static class ServiceVerbs
{
    private const string RunDetails =
        "The call is a job: its output is kept, and it goes on when kuid is killed. Ctrl-C is sent to it, a second one cancels it. Its "
        + "standard input is empty; kuid call is a call whose streams are one's own.\n\n"
        + "Exit codes: those of kuid run.";

    private static readonly Resource Resource = new("services", ServiceListing.Listing);

    /// <summary>The verb with its verbs.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var verbs = new ResourceVerbs(daemonOptions, Resource, () => Operands.Names("The services.", Candidates.Services));
        return new Verb("service", "List and run services.", "A service is a program that a user offers with kuid advertise, and that runs as that user.")
        {
            Subcommands =
            {
                verbs.List("List the services, with how many calls of each run and wait."),
                Run(daemonOptions),
            },
        };
    }

    private static Verb Run(DaemonOptions daemonOptions)
    {
        var operands = new Argument<string[]>("SERVICE [ARG]...")
        {
            Description = "The service, and its arguments.",
            Arity = ArgumentArity.OneOrMore,
        };
        var verb = new Verb("run", "Call a service as a job, print its output and exit as it did.", RunDetails) { Arguments = { operands } };
        verb.SetAction(async (words, cancellation) =>
        {
            string[] call = words.GetRequiredValue(operands);
            byte[] body = JsonBody.Of(json =>
            {
                json.WriteStartArray("arguments");
                Array.ForEach(call[1..], json.WriteStringValue);
                json.WriteEndArray();
            });
            using DaemonClient daemon = daemonOptions.Open(words);
            using var interrupts = new Interrupts();
            JsonElement? job = await daemon.DoAsync(HttpMethod.Post, Resource.Act(call[0], "run"), body, cancellation);
            Job ended = await new AttachedJob(daemon, Job.From(job!.Value).Id).StayAsync(streamsStdin: false, interrupts, cancellation);
            Verbs.Run.Tell(ended);
            return ExitCode.Of(ended);
        });
        return verb;
    }
}
