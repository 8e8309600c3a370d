using Kuid.Bench.Reporting;
using Kuid.Bench.Statistics;

namespace Kuid.Bench.Tests;

public sealed class ReportSpecs
{
    private static readonly Series Ours = new([1500, 1600, 1700]);
    private static readonly Series Theirs = new([1000, 1000, 1000]);

    [Fact]
    public void A_row_beside_a_peer_has_the_ratio_and_whether_the_goal_holds() =>
        Report.Line(new Row("jobs", "1/s", Ours) { Goal = Goal.AtLeastTimes(1.25) }.Beside("sockproc", Theirs, "absent"))
            .Should().Be("| jobs | 1/s | 1,600 (1,500 to 1,700) | sockproc 1,000 (1,000 to 1,000) |  | 1.60 (1.50 to 1.70) | at least 1.25 x | holds |\n");

    [Fact]
    public void A_row_beside_the_limit_has_it_in_a_column_of_its_own() =>
        Report.Line(new Row("jobs", "1/s", Theirs) { Limit = Ours, Goal = Goal.AtLeastTimes(0.75) })
            .Should().EndWith("|  | 1,600 (1,500 to 1,700) | 0.63 (0.59 to 0.67) | at least 0.75 x | **missed** |\n");

    [Fact]
    public void A_row_whose_peer_is_absent_says_why_there_is_no_ratio() =>
        Report.Line(new Row("jobs", "1/s", Ours) { Goal = Goal.AtLeastTimes(1.25) }.Beside("sockproc", figure: null, "not given"))
            .Should().EndWith("|  |  |  | at least 1.25 x | not run: not given |\n");

    [Fact]
    public void A_row_that_failed_says_what_was_wrong() =>
        Report.Line(new Row("jobs", "1/s", Ours: null) { Trouble = "a bad reply", Failed = true })
            .Should().EndWith("|  | **failed**: a bad reply |\n");

    [Theory]
    [InlineData(15, true)]
    [InlineData(14.9, false)]
    public void A_goal_of_its_own_figure_is_held_against_the_median(double bound, bool met) =>
        Goal.AtMostOf(bound).IsMetBy(new Row("p99", "ms", new Series([1, 15, 99]))).Should().Be(met);
}
