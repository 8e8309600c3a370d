using System.CommandLine;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Completions;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid schedule set</c>: a command with the options of submit, and when it shall run.</summary>
internal static class ScheduleSet
{
    private const string Details =
        "A schedule of this name is replaced. NAME stands first; what follows it is the command with options in front, as with submit.\n\n"
        + "Examples: kuid schedule set nightly --cron '0 3 * * *' --time-zone Europe/Berlin backup --all, kuid schedule set beat --every 30s -c 'date >> beats'";

    private static readonly string[] Overlaps = ["skip", "queue", "replace"];

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions, Resource resource)
    {
        Argument<string> name = Operands.Name("The schedule.", Candidates.Schedules);
        var cron = new Option<string?>("--cron") { Description = "Minute, hour, day of the month, month, day of the week.", HelpName = "'M H D M W'" };
        var every = new Option<string?>("--every") { Description = "Every so many seconds.", HelpName = "SECONDS" };
        var catchUp = new Option<bool>("--catch-up") { Description = "Submit one job for times that passed while the daemon was not there." };
        var paused = new Option<bool>("--paused") { Description = "Submit none until it is resumed." };
        var timeZone = new Option<string?>("--time-zone") { Description = "Whose clock: Europe/Berlin. Default: UTC.", HelpName = "ZONE" };
        Option<string?> overlap = Operands.OneOf("--overlap", null, "POLICY", "What happens when the job before still runs", "skip", Overlaps);
        Option<string?> output = Operands.Output("nothing is printed");
        var submission = new SubmissionOptions(inCurrentFolder: false);
        var verb = new Verb("set", "Add a schedule, or replace it.", Details)
        {
            TakesCommand = true,
            OperandsBeforeCommand = 1,
            Arguments = { name },
            Options = { cron, every, timeZone, overlap, catchUp, paused, output },
        };
        submission.AddTo(verb, takesPipeline: true);
        verb.SetAction(async (words, cancellation) =>
        {
            string? expression = words.GetValue(cron);
            double? seconds = Quantity.ReadSeconds("--every", words.GetValue(every));
            string? policy = Operands.ReadWord("--overlap", words.GetValue(overlap), Overlaps);
            OutputFormat? format = Operands.ReadFormat(words.GetValue(output));
            JobSubmission job = submission.Read(words);
            if (expression is null == seconds is null)
            {
                throw new UsageException("when? Exactly one of --cron and --every says it");
            }

            using DaemonClient daemon = daemonOptions.Open(words);
            byte[] body = JsonBody.Of(json =>
            {
                JsonBody.WriteUnlessNull(json, "cron", expression);
                JsonBody.WriteUnlessNull(json, "timeZone", words.GetValue(timeZone));
                JsonBody.WriteUnlessNull(json, "overlap", policy);
                if (seconds is { } period)
                {
                    json.WriteNumber("everySeconds", period);
                }

                JsonBody.WriteIfTrue(json, "catchUp", words.GetValue(catchUp));
                JsonBody.WriteIfTrue(json, "paused", words.GetValue(paused));
                json.WritePropertyName("job");
                JsonSerializer.Serialize(json, job, WireContext.Default.JobSubmission);
            });
            JsonElement? schedule = await daemon.DoAsync(HttpMethod.Put, resource.One(words.GetRequiredValue(name)), body, cancellation);
            if (format is { } wanted && schedule is { } document)
            {
                Printer.PrintOne(document, ScheduleListing.Listing, wanted);
            }

            return ExitCode.Ok;
        });
        return verb;
    }
}
