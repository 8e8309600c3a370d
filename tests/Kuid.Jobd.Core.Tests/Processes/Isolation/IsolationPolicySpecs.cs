using System.Text;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Core.Tests.Processes.Isolation;

public sealed class IsolationPolicySpecs
{
    private static readonly InheritedEnvironment Inherited = new(
        [Specs.Bytes("PATH=/bin"), Specs.Bytes("HOME=/root"), Specs.Bytes("SECRET=1"), Specs.Bytes("PROXY=2"), Specs.Bytes("LANG=C"), Specs.Bytes("=odd")], null);

    [Fact]
    public void Each_door_has_its_default()
    {
        IsolationPolicy policy = Of(new IsolationSettings());

        policy.DefaultOf(JobOrigin.Sockproc).Should().Be(IsolationProfile.None);
        policy.DefaultOf(JobOrigin.Http).Should().Be(IsolationProfile.Basic);
        policy.DefaultOf(JobOrigin.Schedule).Should().Be(IsolationProfile.Basic);
        policy.DefaultOf(JobOrigin.Coprocess).Should().Be(IsolationProfile.Basic);
    }

    [Fact]
    public void No_door_has_less_than_the_minimum()
    {
        IsolationPolicy policy = Of(new IsolationSettings { Minimum = IsolationProfile.Basic, Http = IsolationProfile.None });

        policy.DefaultOf(JobOrigin.Sockproc).Should().Be(IsolationProfile.Basic);
        policy.DefaultOf(JobOrigin.Http).Should().Be(IsolationProfile.Basic);
    }

    [Fact]
    public void Less_than_the_minimum_is_refused_with_what_is_allowed()
    {
        IsolationPolicy policy = Of(new IsolationSettings { Minimum = IsolationProfile.Basic });

        policy.Refusal(IsolationProfile.None).Should().StartWith("none is not to be had: isolation-minimum is basic; allowed: basic");
        policy.Refusal(IsolationProfile.Basic).Should().BeNull();
        policy.Invoking(it => it.Isolated(Specs.Program("/bin/true"), profile: null))
            .Should().Throw<IsolationException>("a job of before there was a minimum is no exception").WithMessage("isolation none is not to be had*");
    }

    [Fact]
    public void User_is_refused_without_a_user()
    {
        Of(new IsolationSettings()).Refusal(IsolationProfile.User).Should().StartWith("user is not to be had: isolation-user names no user; allowed: none, basic");
        Of(new IsolationSettings { User = "no-such-user" }).Refusal(IsolationProfile.User).Should().Contain("there is no user no-such-user");
        Of(new IsolationSettings { User = "root" }).Refusal(IsolationProfile.User).Should().Contain("isolation-user is root");
    }

    [Fact]
    public void What_cannot_work_is_a_mistake_that_names_its_option()
    {
        Of(new IsolationSettings()).Mistakes().Should().BeEmpty();
        Of(new IsolationSettings { User = "no-such-user" }).Mistakes().Should().Equal("isolation-user \"no-such-user\": there is no such user");
        Of(new IsolationSettings { Http = IsolationProfile.User }).Mistakes().Should().Equal("isolation-http user: isolation-user names no user");
        Of(new IsolationSettings { Minimum = IsolationProfile.User }).Mistakes().Should().Equal("isolation-minimum user: isolation-user names no user");
        Of(new IsolationSettings { Writable = new WordList("/tmp", "/no/such") }).Mistakes().Should().Equal("isolation-writable /no/such: there is no such folder");
    }

    [Fact]
    public void Another_user_needs_root()
    {
        string? refusal = Of(new IsolationSettings { User = "nobody" }).Refusal(IsolationProfile.User);

        if (LibcFiles.EffectiveUserId() == 0)
        {
            refusal.Should().BeNull();
        }
        else
        {
            refusal.Should().Contain("the daemon is not root");
        }
    }

    [Fact]
    public void Row_51_of_the_environment_only_the_usual_is_left_and_what_was_named()
    {
        IsolationPolicy policy = Of(new IsolationSettings { Environment = new WordList("PROXY") });

        ProcessSpec process = policy.Isolated(Specs.Program("/bin/true"), IsolationProfile.Basic);

        process.Isolation!.Environment.Select(Encoding.UTF8.GetString).Should().Equal("PATH=/bin", "HOME=/root", "PROXY=2", "LANG=C");
    }

    [Fact]
    public void The_variables_about_the_user_are_those_of_the_jobs_user()
    {
        Assert.SkipUnless(LibcFiles.EffectiveUserId() == 0, "only root has jobs of another user");
        ProcessSpec process = Of(new IsolationSettings { User = "nobody" }).Isolated(Specs.Program("/bin/true"), IsolationProfile.User);

        process.Isolation!.Environment.Select(Encoding.UTF8.GetString).Should().Contain(["USER=nobody", "LOGNAME=nobody"]).And.NotContain("HOME=/root");
        process.Isolation.User!.Id.Should().NotBe(0U);
        Encoding.UTF8.GetString(process.WorkingDirectory!).Should().Be("/", "the daemon's folder is no business of the user's");
    }

    [Fact]
    public void The_lower_of_two_limits_holds_and_no_core_is_dumped_unless_asked_for()
    {
        IsolationPolicy policy = Of(new IsolationSettings { OpenFiles = 100, Processes = 10 });

        Limits(policy, new ResourceLimits()).Should().Be(new ResourceLimits { OpenFiles = 100, Processes = 10, CoreBytes = 0 });
        Limits(policy, new ResourceLimits { OpenFiles = 50, Processes = 20, CoreBytes = 7 })
            .Should().Be(new ResourceLimits { OpenFiles = 50, Processes = 10, CoreBytes = 7 });
    }

    [Fact]
    public void None_is_nothing()
    {
        ProcessSpec process = Specs.Program("/bin/true");

        Of(new IsolationSettings()).Isolated(process, IsolationProfile.None).Should().BeSameAs(process);
    }

    private static ResourceLimits? Limits(IsolationPolicy policy, ResourceLimits own) =>
        policy.Isolated(Specs.Program("/bin/true") with { Limits = own }, IsolationProfile.Basic).Limits;

    private static IsolationPolicy Of(IsolationSettings settings) => new(settings, Inherited);
}
