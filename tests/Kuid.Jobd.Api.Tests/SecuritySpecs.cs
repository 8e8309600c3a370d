using Kuid.Jobd.Api.Security;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Names, origins and the token.</summary>
public sealed class SecuritySpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string TokenFile => _folder["token"];

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:8080")]
    public void The_daemon_answers_to_its_own_names(string host) => new HostRule([]).Allows(new HostString(host)).Should().BeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("example.org")]
    [InlineData("localhost.")]
    [InlineData("localhost.example.org")]
    [InlineData("127.0.0.1.nip.io")]
    [InlineData("127.0.0.2")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0.0.0.0")]
    [InlineData("[::]")]
    [InlineData("::1")]
    [InlineData("[::1%25lo]")]
    [InlineData("localhost:")]
    [InlineData("localhost:x")]
    [InlineData("user@localhost")]
    public void It_answers_to_no_other_name(string host) => new HostRule([]).Allows(new HostString(host)).Should().BeFalse();

    [Fact]
    public void It_answers_to_the_names_it_was_given_and_to_none_below_them()
    {
        var hosts = new HostRule(["jobs.example.org"]);
        hosts.Allows(new HostString("jobs.example.org:443")).Should().BeTrue();
        hosts.Allows(new HostString("JOBS.example.org")).Should().BeTrue();
        hosts.Allows(new HostString("x.jobs.example.org")).Should().BeFalse();
        hosts.Allows(new HostString("example.org")).Should().BeFalse();
    }

    [Theory]
    [InlineData("POST", null, null, true)]
    [InlineData("POST", "http://localhost:8080", null, true)]
    [InlineData("POST", "http://localhost:8080", "same-origin", true)]
    [InlineData("POST", null, "none", true)]
    [InlineData("POST", "http://localhost:3000", null, false)]
    [InlineData("POST", "http://localhost", null, false)]
    [InlineData("POST", "https://localhost:8080", null, false)]
    [InlineData("POST", "http://example.org", null, false)]
    [InlineData("POST", "null", null, false)]
    [InlineData("POST", "", null, false)]
    [InlineData("POST", null, "cross-site", false)]
    [InlineData("POST", null, "same-site", false)]
    [InlineData("PUT", "http://example.org", null, false)]
    [InlineData("DELETE", "http://example.org", null, false)]
    [InlineData("OPTIONS", "http://example.org", null, false)]
    [InlineData("get", "http://example.org", null, true)]
    [InlineData("GET", "http://example.org", "cross-site", true)]
    public void A_page_of_another_origin_changes_nothing(string method, string? origin, string? site, bool allowed)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host) = (method, "http", new HostString("localhost:8080"));
        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }

        if (site is not null)
        {
            request.Headers["Sec-Fetch-Site"] = site;
        }

        (OriginRule.Refuses(request) is null).Should().Be(allowed);
    }

    [Fact]
    public void The_token_is_made_once_with_256_bits_and_only_its_owner_can_read_it()
    {
        AccessToken made = AccessToken.ReadOrMake(TokenFile);
        string text = File.ReadAllText(TokenFile).TrimEnd('\n');
        text.Should().MatchRegex("^[A-Za-z0-9_-]{43}$");
        File.GetUnixFileMode(TokenFile).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        made.Is(text).Should().BeTrue();
        AccessToken.ReadOrMake(TokenFile).Is(text).Should().BeTrue();
        Directory.GetFiles(_folder.Path).Should().ContainSingle();
    }

    [Fact]
    public void Two_daemons_have_two_tokens()
    {
        AccessToken.ReadOrMake(TokenFile);
        AccessToken.ReadOrMake(_folder["other"]).Is(File.ReadAllText(TokenFile).TrimEnd('\n')).Should().BeFalse();
    }

    [Fact]
    public void Nothing_but_the_token_is_the_token()
    {
        AccessToken token = AccessToken.ReadOrMake(TokenFile);
        string text = File.ReadAllText(TokenFile).TrimEnd('\n');
        foreach (string other in (string[])["", "x", text[1..], text + "x", text + "\n", text.ToUpperInvariant(), new string('a', 100_000), text + "\u00e4"])
        {
            token.Is(other).Should().BeFalse();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("short\n")]
    [InlineData("this one has spaces in it, which no token can have at all\n")]
    public void A_file_that_is_no_token_is_refused_and_left_as_it_is(string content)
    {
        File.WriteAllText(TokenFile, content);
        File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        FluentActions.Invoking(() => AccessToken.ReadOrMake(TokenFile)).Should().Throw<InvalidDataException>().WithMessage("*no token*");
        File.ReadAllText(TokenFile).Should().Be(content);
    }

    [Fact]
    public void A_token_that_others_can_read_is_refused()
    {
        AccessToken.ReadOrMake(TokenFile);
        File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        FluentActions.Invoking(() => AccessToken.ReadOrMake(TokenFile)).Should().Throw<InvalidDataException>().WithMessage("*others may have read*");
    }

    [Fact]
    public void What_a_killed_daemon_left_of_a_token_is_made_anew()
    {
        File.WriteAllText(TokenFile + ".new", "half");
        AccessToken.ReadOrMake(TokenFile);
        File.ReadAllText(TokenFile).Should().MatchRegex("^[A-Za-z0-9_-]{43}\n$");
    }

    public void Dispose() => _folder.Dispose();
}
