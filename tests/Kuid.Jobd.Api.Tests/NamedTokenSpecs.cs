using System.Security.Cryptography;
using System.Text;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Access;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Named tokens: their files, who they are, how long, and how the daemon learns of a change.</summary>
public sealed class NamedTokenSpecs : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly SetClock _clock = new();

    private TokenFolder Folder => TokenFolder.Of(_data.Path);

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    [Fact]
    public void A_file_has_the_hash_of_a_token_and_not_the_token()
    {
        string text = Put("reader", ["read"]);

        string file = File.ReadAllText(_data["tokens/reader"]);
        file.Should().NotContain(text).And.Contain(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text))));
        File.GetUnixFileMode(_data["tokens/reader"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_data["tokens"]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        TokenMatch found = Tokens().Find(text);
        (found.Principal, found.IsExpired).Should().Be(("token:reader", false));
        found.Scopes.Words.Should().Equal("read");
    }

    [Fact]
    public void An_expired_token_is_told_from_one_that_never_was()
    {
        string text = Put("brief", ["run"], Now.AddHours(1));
        AccessTokens tokens = Tokens();

        tokens.Find(text).IsExpired.Should().BeFalse();
        _clock.Advance(TimeSpan.FromHours(1));
        tokens.Find(text).IsExpired.Should().BeTrue();
        tokens.Find(text[..^1] + (text[^1] == 'A' ? 'B' : 'A')).Principal.Should().BeNull();
    }

    [Fact]
    public void During_a_rotation_both_keys_open_and_after_it_the_new_one_alone()
    {
        string before = TokenText.Make(), after = TokenText.Make();
        using (Folder.Lock())
        {
            Folder.Write(new NamedToken("t", ScopeSet.Running, [TokenKey.OfText(after, Now), TokenKey.OfText(before, Now).Until(Now.AddDays(1))]));
        }

        AccessTokens tokens = Tokens();

        (tokens.Find(before).IsExpired, tokens.Find(after).IsExpired).Should().Be((false, false));
        _clock.Advance(TimeSpan.FromDays(1));
        (tokens.Find(before).IsExpired, tokens.Find(after).IsExpired).Should().Be((true, false));
    }

    [Fact]
    public void A_change_of_the_folder_is_in_force_with_the_next_request()
    {
        AccessTokens tokens = Tokens();
        for (int i = 0; i < 200; i++)
        {
            string text = Put("t", ["read"]);
            tokens.Find(text).Principal.Should().Be("token:t", "it was made before, in round {0}", i);
            using (Folder.Lock())
            {
                Folder.Remove("t");
            }

            tokens.Find(text).Principal.Should().BeNull("it was revoked before, in round {0}", i);
        }
    }

    [Fact]
    public void A_file_of_two_lines_is_still_read()
    {
        string text = TokenText.Make();
        PutFile("old", $"{text}\nread run:weather\n");

        Tokens().Find(text).Scopes.Words.Should().Equal("read", "run:weather");
        Folder.Read("old")!.IsInClear.Should().BeTrue();
    }

    [Theory]
    [InlineData("", "*neither*")]
    [InlineData("{}", "*not what kuid token writes*")]
    [InlineData("""{"scopes":["read"],"keys":[]}""", "*no key*")]
    [InlineData("""{"scopes":[],"keys":[{"sha256":"00"}]}""", "*scope is missing*")]
    [InlineData("""{"scopes":["write"],"keys":[]}""", "*no scope*")]
    [InlineData("""{"scopes":["read"],"keys":[{"sha256":"00"}]}""", "*64 hexadecimal digits*")]
    [InlineData("""{"scopes":["read"],"keys":[{"sha256":"zz"}]}""", "*")]
    [InlineData("""{"scopes":["read"],"expires":"2026-01-01T00:00:00Z","keys":[]}""", "*unknown member \"expires\"*")]
    [InlineData("""{"scopes":["read"],"scopes":["admin"],"keys":[]}""", "*")]
    [InlineData("short\nread\n", "*neither*")]
    public void A_file_that_is_no_token_is_refused_at_the_start_and_later_is_no_other_tokens_end(string content, string message)
    {
        string text = Put("good", ["read"]);
        PutFile("bad", content);

        FluentActions.Invoking(Tokens).Should().Throw<InvalidDataException>().WithMessage(message);
        var tokens = new AccessTokens(new AccessToken(TokenText.Make()), Folder, _clock);
        tokens.Load();
        tokens.Find(text).Principal.Should().Be("token:good");
    }

    [Fact]
    public void Row_102_A_token_that_others_can_read_opens_nothing()
    {
        string text = Put("t", ["read"]);
        File.SetUnixFileMode(_data["tokens/t"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var tokens = new AccessTokens(new AccessToken(TokenText.Make()), Folder, _clock);
        tokens.Find(text).Principal.Should().BeNull();
        FluentActions.Invoking(tokens.LoadAll).Should().Throw<InvalidDataException>().WithMessage("*others may have read*");
    }

    [Fact]
    public void What_a_killed_kuid_left_of_a_token_is_none_and_in_nobodys_way()
    {
        Directory.CreateDirectory(_data["tokens"]);
        PutFile(".t.new", "half");

        Tokens();
        Put("t", ["read"]);
        Folder.Names.Should().Equal("t");
    }

    [Theory]
    [InlineData("read", "read", true)]
    [InlineData("read", "run", false)]
    [InlineData("run", "read", true)]
    [InlineData("run", "run", true)]
    [InlineData("run", "admin", false)]
    [InlineData("admin", "run", true)]
    [InlineData("run:weather", "read", false)]
    [InlineData("run:weather", "run", false)]
    [InlineData("run:weather read", "read", true)]
    [InlineData("read run:weather", "run", false)]
    public void A_scope_includes_those_before_it_and_that_of_a_service_nothing_else(string words, string asked, bool allowed)
    {
        ScopeSet scopes = ScopeSet.Of(words.Split(' '));
        scopes.Allows(Enum.Parse<Scope>(asked, ignoreCase: true)).Should().Be(allowed);
        ScopeSet.None.Allows(Scope.Read).Should().BeFalse();
    }

    [Theory]
    [InlineData("run:weather", "weather", true)]
    [InlineData("run:weather", "weather2", false)]
    [InlineData("run", "weather", true)]
    [InlineData("read", "weather", false)]
    public void A_service_is_called_by_its_own_scope_or_by_run(string words, string service, bool allowed) =>
        ScopeSet.Of([words]).AllowsService(service).Should().Be(allowed);

    public void Dispose() => _data.Dispose();

    private AccessTokens Tokens()
    {
        var tokens = new AccessTokens(new AccessToken(TokenText.Make()), Folder, _clock);
        tokens.LoadAll();
        return tokens;
    }

    private string Put(string name, string[] scopes, DateTime? expiresAt = null)
    {
        string text = TokenText.Make();
        using IDisposable held = Folder.Lock();
        Folder.Write(new NamedToken(name, ScopeSet.Of(scopes), [TokenKey.OfText(text, Now, expiresAt)]));
        return text;
    }

    private void PutFile(string name, string content)
    {
        Directory.CreateDirectory(_data["tokens"]);
        string file = Path.Combine(_data["tokens"], name);
        File.WriteAllText(file, content);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => _now;

        internal void Advance(TimeSpan by) => _now += by;
    }
}
