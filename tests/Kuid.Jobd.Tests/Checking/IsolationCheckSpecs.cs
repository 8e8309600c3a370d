using Kuid.Jobd.Checking;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Tests.Checking;

/// <summary>What --check-config says of an isolation that cannot be had here, before a start would.</summary>
public sealed class IsolationCheckSpecs
{
    [Fact]
    public void What_every_machine_can_do_is_no_finding() =>
        Look(new IsolationSettings { Http = IsolationProfile.Basic, Sockproc = IsolationProfile.Basic }).Should().BeEmpty();

    [Fact]
    public void A_user_that_there_is_not_is_named() =>
        Look(new IsolationSettings { User = "no-such-user" }).Should().Equal("isolation-user \"no-such-user\": there is no such user");

    [Fact]
    public void A_profile_of_another_user_without_a_user_is_named_with_each_option_that_asks_for_it()
    {
        IReadOnlyList<string> found = Look(new IsolationSettings { Http = IsolationProfile.User, Sockproc = IsolationProfile.User });

        found.Should().HaveCount(2);
        found[0].Should().StartWith("isolation-sockproc user: ");
        found[1].Should().StartWith("isolation-http user: ");
    }

    [Fact]
    public void A_minimum_that_coprocesses_cannot_have_is_a_finding_only_with_their_socket()
    {
        var settings = new IsolationSettings { Minimum = IsolationProfile.User };

        Look(settings, coprocess: "c").Should().Contain(problem => problem.StartsWith("coprocess-socket: ", StringComparison.Ordinal));
        Look(settings).Should().NotContain(problem => problem.StartsWith("coprocess-socket: ", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Look(IsolationSettings settings, string? coprocess = null)
    {
        var findings = new Findings();
        var options = new DaemonOptions { Isolation = settings };
        IsolationCheck.Look(options with { Coprocess = options.Coprocess with { Socket = coprocess } }, findings);
        return findings.Problems;
    }
}
