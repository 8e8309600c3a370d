using Kuid.Jobd.Core.Jobs;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Jobs;

public sealed class JobTransitionsSpecs
{
    // A dash is an event that means nothing in that state. Columns: Due, Start, Cancel, Succeed, Fail, Lose, Retry, Defer.
    private static readonly Dictionary<JobState, string> Expected = new()
    {
        [JobState.Scheduled] = "Queued    -         Canceled  -         Failed    -    -         -        ",
        [JobState.Queued] = "-         Running   Canceled  -         Failed    -    -         Scheduled",
        [JobState.Running] = "-         -         Canceling Succeeded Failed    Lost Scheduled -        ",
        [JobState.Canceling] = "-         -         -         Canceled  Canceled  Lost -         -        ",
        [JobState.Succeeded] = "-         -         -         -         -         -    -         -        ",
        [JobState.Failed] = "-         -         -         -         -         -    -         -        ",
        [JobState.Canceled] = "-         -         -         -         -         -    -         -        ",
        [JobState.Lost] = "-         -         -         -         -         -    -         -        ",
    };

    [Fact]
    public void Every_state_and_event_lead_where_the_table_says()
    {
        Enum.GetValues<JobState>().Should().BeEquivalentTo(Expected.Keys);
        foreach ((JobState state, string row) in Expected)
        {
            string[] next = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Enum.GetValues<JobEvent>().Select(happens => JobTransitions.Next(state, happens)?.ToString() ?? "-")
                .Should().Equal(next, "these follow {0}", state);
        }
    }

    [Fact]
    public void No_event_leads_out_of_a_terminal_state_and_some_event_out_of_every_other()
    {
        foreach (JobState state in Enum.GetValues<JobState>())
        {
            bool leads = Enum.GetValues<JobEvent>().Any(happens => JobTransitions.Next(state, happens) is not null);
            leads.Should().Be(!JobTransitions.IsTerminal(state), "{0} is {1} last", state, leads ? "not" : "the");
        }
    }

    [Fact]
    public void The_printed_table_has_a_line_for_every_transition()
    {
        string[] lines = JobTransitions.Print().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Should().HaveCount(Expected.Values.Sum(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(w => w != "-")));
        lines.Should().Contain("canceling  --succeed--> canceled");
    }

    [Fact]
    public void The_printed_table_stands_in_the_architecture_document()
    {
        string document = File.ReadAllText(Repository.File("ARCHITECTURE.md"));
        string[] blocks = [.. document.Split("\n```transitions\n").Skip(1).Select(rest => rest.Split("```")[0])];

        blocks.Should().Equal([JobTransitions.Print()], "one block there is this table");
    }
}
