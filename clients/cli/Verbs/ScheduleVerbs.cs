using System.CommandLine;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Completions;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid schedule</c>: jobs that are submitted again and again.</summary>
internal static class ScheduleVerbs
{
    private static readonly Resource Resource = new("schedules", ScheduleListing.Listing);

    /// <summary>The verb with its verbs.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var verbs = new ResourceVerbs(daemonOptions, Resource, () => Operands.Names("The schedules.", Candidates.Schedules));
        return new Verb("schedule", "Submit a job by the clock.")
        {
            Subcommands =
            {
                verbs.List("List the schedules, with their next and last time."),
                verbs.Show("Show schedules."),
                ScheduleSet.Create(daemonOptions, Resource),
                verbs.Remove("Remove schedules.", "Their jobs stay."),
                verbs.OfEach(
                    "trigger",
                    "Submit the jobs of schedules now.",
                    "The ids of the jobs are printed. The next time stays what it is.",
                    "id",
                    (daemon, name, cancellation) => daemon.DoAsync(HttpMethod.Post, Resource.Act(name, "trigger"), json: null, cancellation),
                    JobListing.Listing),
                verbs.Act("pause", "Submit no more jobs of schedules."),
                verbs.Act("resume", "Submit jobs of schedules again.", "What was missed meanwhile is not made up for."),
                Preview(daemonOptions),
            },
        };
    }

    private static Verb Preview(DaemonOptions daemonOptions)
    {
        var cron = new Argument<string>("CRON") { Description = "Minute, hour, day of the month, month, day of the week, as one word in quotes." };
        var timeZone = new Option<string?>("--time-zone") { Description = "Whose clock: Europe/Berlin. Default: UTC.", HelpName = "ZONE" };
        var count = new Option<string?>("--count") { Description = "How many. Default: 5.", HelpName = "N" };
        var from = new Option<string?>("--from") { Description = $"After when: {Quantity.TimeHelp}. Default: now.", HelpName = "TIME" };
        var verb = new Verb("preview", "Print when a cron expression comes next.", "A line for each time, in UTC, as a schedule with this expression would have it.")
        {
            Arguments = { cron },
            Options = { timeZone, count, from },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            long times = Operands.ReadNumber("--count", words.GetValue(count), 1, 1000) ?? 5;
            DateTimeOffset? start = Quantity.ReadTime("--from", words.GetValue(from));
            using DaemonClient daemon = daemonOptions.Open(words);
            byte[] body = JsonBody.Of(json =>
            {
                json.WriteString("cron", words.GetRequiredValue(cron));
                json.WriteNumber("count", times);
                JsonBody.WriteUnlessNull(json, "timeZone", words.GetValue(timeZone));
                JsonBody.WriteUnlessNull(json, "from", start is { } time ? Quantity.Rfc3339(time) : null);
            });
            JsonElement? preview = await daemon.DoAsync(HttpMethod.Post, $"{Resource.All}/preview", body, cancellation);
            Printer.Print(string.Concat(preview!.Value.GetProperty("times").EnumerateArray().Select(time => $"{time}\n")));
            return ExitCode.Ok;
        });
        return verb;
    }
}
