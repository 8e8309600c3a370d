using System.Collections;
using System.Globalization;

namespace Kuid.Jobd.Tests.Start;

public sealed class InheritedSocketsSpecs
{
    private static readonly string Own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("999", 999)]
    public void There_are_as_many_as_LISTEN_FDS_says_to_this_process(string count, int expected) =>
        Count(count, Own).Should().Be(expected);

    [Fact]
    public void What_is_said_to_another_process_or_to_none_is_not_for_this_one()
    {
        Count("2", "1").Should().Be(0);
        Count("2", Own + "0").Should().Be(0);
        Count("2", "0" + Own).Should().Be(0);
        Count("2", pid: null).Should().Be(0);
        Count(count: null, Own).Should().Be(0);
        Count("nonsense", "1").Should().Be(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1000")]
    [InlineData("99999999999")]
    public void A_number_that_is_none_is_refused_and_quoted(string count)
    {
        Func<int> counting = () => Count(count, Own);
        counting.Should().Throw<StartException>().WithMessage($"LISTEN_FDS \"{count}\": allowed: *").Which.ExitCode.Should().Be(ExitCode.Usage);
    }

    private static int Count(string? count, string? pid)
    {
        var variables = new Hashtable(StringComparer.Ordinal) { ["LISTEN_FDS"] = count, ["LISTEN_PID"] = pid };
        return InheritedSockets.Count(variables);
    }
}
