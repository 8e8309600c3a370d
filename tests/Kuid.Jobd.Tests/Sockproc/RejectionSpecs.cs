using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>What a client reads when it is refused.</summary>
public sealed class RejectionSpecs
{
    private const string Detail = "<the detail>";

    // What the sentence must name, for each member; a new member without an entry fails.
    private static readonly Dictionary<RejectionReason, string> Names = new()
    {
        [RejectionReason.CommandUnterminated] = "before the command's CRLF",
        [RejectionReason.CommandTooLong] = "command is longer than " + Detail,
        [RejectionReason.CommandHasNul] = "NUL",
        [RejectionReason.HttpRequest] = "HTTP",
        [RejectionReason.CountMissing] = "before the stdin byte count's CRLF",
        [RejectionReason.CountMalformed] = $"\"{Detail}\" is not a decimal number",
        [RejectionReason.CountTooLarge] = "count is above " + Detail,
        [RejectionReason.HeaderTimeout] = Detail + " seconds",
        [RejectionReason.StdinCut] = "before all of stdin had arrived",
        [RejectionReason.TooManyConnections] = "too many connections",
        [RejectionReason.PeerNotAllowed] = Detail + " may not",
        [RejectionReason.Stopping] = "stopping",
        [RejectionReason.NotStarted] = "could not be started: " + Detail,
        [RejectionReason.OutputLimit] = "output",
        [RejectionReason.BacklogFull] = Detail + ", try again later",
        [RejectionReason.Canceled] = "cancelled",
    };

    public static TheoryData<RejectionReason> Reasons() => [.. Enum.GetValues<RejectionReason>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_has_a_printable_sentence_that_names_what_was_wrong(RejectionReason reason) =>
        new Rejection(reason, Detail).Text.Should().Contain(Names[reason]).And.MatchRegex(@"\A[ -~]{20,}\z").And.NotContain("  ");

    [Fact]
    public void No_two_reasons_have_the_same_sentence() =>
        Enum.GetValues<RejectionReason>().Select(reason => new Rejection(reason, Detail).Text).Should().OnlyHaveUniqueItems();

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_refusal_before_the_start_says_that_nothing_was_run_and_a_later_one_does_not(RejectionReason reason)
    {
        bool ran = reason is RejectionReason.StdinCut or RejectionReason.OutputLimit;
        bool never = reason is RejectionReason.NotStarted or RejectionReason.Canceled;
        new Rejection(reason, Detail).Text.EndsWith("; nothing was run", StringComparison.Ordinal).Should().Be(!ran && !never);
    }

    [Fact]
    public void A_reason_without_a_sentence_is_a_fault_and_no_empty_reply()
    {
        Func<string> text = () => new Rejection((RejectionReason)int.MaxValue).Text;
        text.Should().Throw<InvalidOperationException>();
    }
}
