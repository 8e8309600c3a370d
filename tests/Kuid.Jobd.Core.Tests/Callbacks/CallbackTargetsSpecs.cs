using Kuid.Jobd.Core.Callbacks;

namespace Kuid.Jobd.Core.Tests.Callbacks;

/// <summary>Where callbacks may go: to what is listed and what is below it, as the request is sent and not as it is written.</summary>
public sealed class CallbackTargetsSpecs
{
    [Theory]
    [InlineData("http://hooks.example", "http://hooks.example/")]
    [InlineData("http://hooks.example", "http://hooks.example/any/path?with=query")]
    [InlineData("http://hooks.example", "http://HOOKS.example:80/x")]
    [InlineData("https://hooks.example/jobs", "https://hooks.example/jobs")]
    [InlineData("https://hooks.example/jobs", "https://hooks.example/jobs?x=1")]
    [InlineData("https://hooks.example/jobs", "https://hooks.example/jobs/7")]
    [InlineData("https://hooks.example/jobs/", "https://hooks.example/jobs/7")]
    [InlineData("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a/b/../c")]
    [InlineData("http://[::1]:8080", "http://[0:0:0:0:0:0:0:1]:8080/x")]
    public void A_url_that_is_listed_or_below_one_is_found(string allowed, string url) =>
        CallbackTargets.Of([allowed]).Find(url).Should().NotBeNull();

    [Theory]
    [InlineData("http://hooks.example", "https://hooks.example/")]
    [InlineData("http://hooks.example", "http://hooks.example:81/")]
    [InlineData("http://hooks.example", "http://hooks.example.evil/")]
    [InlineData("http://hooks.example", "http://evil.hooks.example/")]
    [InlineData("http://hooks.example:80", "http://hooks.example:8080/")]
    [InlineData("https://hooks.example/jobs", "https://hooks.example/jobsevil")]
    [InlineData("https://hooks.example/jobs", "https://hooks.example/Jobs")]
    [InlineData("https://hooks.example/jobs", "https://hooks.example/")]
    [InlineData("https://hooks.example/jobs/", "https://hooks.example/jobs")]
    [InlineData("https://hooks.example/jobs", "https://hooks.example/jobs/../admin")]
    [InlineData("https://hooks.example/jobs", "https://hooks.example/x?/jobs")]
    [InlineData("http://127.0.0.1", "http://127.0.0.2/")]
    public void Text_that_begins_alike_is_not_below(string allowed, string url) =>
        CallbackTargets.Of([allowed]).Find(url).Should().BeNull();

    [Theory]
    [InlineData("hooks.example/jobs", "absolute http or https URL")]
    [InlineData("/jobs", "absolute http or https URL")]
    [InlineData("ftp://hooks.example/", "absolute http or https URL")]
    [InlineData("file:///etc/passwd", "absolute http or https URL")]
    [InlineData("http://hooks.example/a b", "absolute http or https URL")]
    [InlineData("http://hooks.example/a\r\nHost: x", "absolute http or https URL")]
    [InlineData("http://user@hooks.example/", "without user")]
    [InlineData("http://hooks.example@evil.example/", "without user")]
    [InlineData("http://hooks.example/#top", "without user, password and fragment")]
    [InlineData("http://hooks.example/jobs/..%2fadmin", "escaped")]
    [InlineData("http://hooks.example/jobs%5c..%5cadmin", "escaped")]
    public void What_could_be_read_in_two_ways_is_no_target(string url, string why)
    {
        Action find = () => CallbackTargets.Of(["http://hooks.example"]).Find(url);

        find.Should().Throw<FormatException>().WithMessage($"*{why}*");
    }

    [Fact]
    public void Escaped_dots_lead_nowhere_else()
    {
        // They are dots by the time they are compared, or refused.
        Uri? found = null;
        try
        {
            found = CallbackTargets.Of(["http://hooks.example/jobs"]).Find("http://hooks.example/jobs/%2e%2e/admin");
        }
        catch (FormatException)
        {
            // Refused.
        }

        found.Should().BeNull();
    }

    [Fact]
    public void Nothing_is_listed_by_default()
    {
        CallbackTargets.None.Find("http://127.0.0.1/").Should().BeNull();
        CallbackTargets.None.ToString().Should().Contain("--callback-allow");
        CallbackTargets.Of(["http://a.example/x", "https://b.example"]).ToString().Should().Be(
            "allowed are http://a.example/x, https://b.example/ and what is below");
    }

    [Fact]
    public void A_list_takes_no_query()
    {
        Action list = () => CallbackTargets.Of(["http://a.example/?x=1"]);

        list.Should().Throw<FormatException>().WithMessage("*query*");
    }
}
