using System.Net.ServerSentEvents;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary>
/// <c>kuid ps -w</c> in a pipe: the jobs there are, oldest first, and then each change of a job's state as a line.
/// </summary>
/// <param name="daemon">The daemon.</param>
/// <param name="filter">Which jobs.</param>
/// <param name="first">Which of them are printed before they change.</param>
/// <param name="most">How many of those.</param>
/// <param name="format">How they are printed.</param>
internal sealed class ChangedJobs(DaemonClient daemon, JobFilter filter, JobFilter first, int most, OutputFormat format)
{
    // How far the listed jobs were: what the stream still has of the time before the list is not told again.
    private readonly Dictionary<long, int> _listed = [];

    /// <summary>Stays until kuid is ended.</summary>
    internal async Task StayAsync(CancellationToken cancellation)
    {
        bool begun = false;
        await foreach (SseItem<string> change in daemon.FollowEventsAsync(cancellation))
        {
            // The stream's first event comes before the list, so that nothing falls between.
            if (!begun || change.EventType == "gap")
            {
                if (begun)
                {
                    Talk.Line("changes were missed; these are the jobs as they are now");
                }

                await ListAsync(withHeadings: !begun, cancellation);
                begun = true;
            }

            if (change.EventType == "state")
            {
                Tell(Job.From(JsonSerializer.Deserialize(change.Data, WireContext.Default.JsonElement)));
            }
        }
    }

    private async Task ListAsync(bool withHeadings, CancellationToken cancellation)
    {
        (List<Job> jobs, _) = await Ps.ReadAsync(daemon, first, most, cancellation);
        jobs.Reverse();
        _listed.Clear();
        jobs.ForEach(job => _listed[job.Id] = Progress(job));
        Print(jobs, withHeadings);
    }

    private void Tell(Job job)
    {
        if (_listed.TryGetValue(job.Id, out int progress))
        {
            if (Progress(job) <= progress)
            {
                return;
            }

            _listed.Remove(job.Id);
        }

        if (filter.Passes(job))
        {
            Print([job], withHeadings: false);
        }
    }

    // One that waits for its next attempt may be queued again at once, so whatever comes of it is new.
    private static int Progress(Job job) => job switch
    {
        { HasEnded: true } => int.MaxValue,
        { Reason: "retry" } => -1,
        _ => Array.IndexOf(JobState.Live, job.State),
    };

    private void Print(List<Job> jobs, bool withHeadings)
    {
        if (format != OutputFormat.Table)
        {
            Printer.PrintList(jobs, format);
            return;
        }

        string text = JobListing.Listing.Render([.. jobs.Select(job => job.Document)], TerminalTable.ForPipe);
        Printer.Print(withHeadings ? text : text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }
}
