using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kuid.Cli.Tests;

/// <summary><c>kuid token</c> beside a daemon that runs: what it does is in force at once.</summary>
public sealed class TokenSpecs : IAsyncLifetime
{
    private readonly string _port = TestDaemon.FreePort();
    private TestDaemon _daemon = null!;

    public async ValueTask InitializeAsync() => _daemon = await TestDaemon.Start(["--http", "127.0.0.1:" + _port]);

    public ValueTask DisposeAsync() => _daemon.DisposeAsync();

    [Fact]
    public async Task A_token_that_is_made_opens_what_its_scopes_say_and_one_that_is_revoked_nothing()
    {
        string reader = await Made("create", "reader", "--scope", "read");
        (await Get(reader)).Should().Be(HttpStatusCode.OK);
        (await Submit(reader)).Should().Be(HttpStatusCode.Forbidden);

        (await Token("revoke", "reader")).Should().Be((0, string.Empty, string.Empty));
        (await Get(reader)).Should().Be(HttpStatusCode.Unauthorized, "with the very next request");
    }

    [Fact]
    public async Task A_rotated_token_leaves_the_old_one_its_overlap_or_nothing()
    {
        string first = await Made("create", "t", "--scope", "read", "--expires", "30d");
        string second = await Made("rotate", "t", "--overlap", "1d");
        (await Get(first), await Get(second)).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));

        string third = await Made("rotate", "t");
        (await Get(first), await Get(second), await Get(third)).Should().Be((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK));
        JsonElement listed = JsonDocument.Parse((await Token("ls", "-o", "json")).Text).RootElement[0];
        (listed.GetProperty("expiresAt").GetDateTimeOffset() - listed.GetProperty("createdAt").GetDateTimeOffset()).Should().BeCloseTo(TimeSpan.FromDays(30), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Row_106_An_expired_token_is_refused_and_told_so()
    {
        string brief = await Made("create", "brief", "--scope", "run", "--expires", "0.001s");
        using HttpClient client = Client(brief);

        await Eventually.Holds(async () => (await client.GetAsync("/v1/jobs")).StatusCode == HttpStatusCode.Unauthorized, "it has expired");
        (await (await client.GetAsync("/v1/jobs")).Content.ReadAsStringAsync()).Should().Contain("the token has expired").And.NotContain(brief);
        (await Submit(brief)).Should().Be(HttpStatusCode.Unauthorized);
        (await Token("ls")).Text.Should().Contain("brief\trun\texpired\t0\t");
    }

    [Fact]
    public async Task A_list_shows_names_and_scopes_and_no_token_and_no_hash()
    {
        string made = await Made("create", "one", "--scope", "run:weather", "--scope", "read");
        (_, string text, _) = await Token("ls");

        text.Should().StartWith("NAME\tSCOPES\tSTATE\tKEYS\tCREATED\tEXPIRES\none\tread run:weather\tvalid\t1\t").And.NotContain(made);
        string hash = JsonDocument.Parse(await File.ReadAllTextAsync(_daemon.Folder["data/tokens/one"])).RootElement.GetProperty("keys")[0].GetProperty("sha256").GetString()!;
        (await Token("ls", "-o", "json")).Text.Should().NotContain(hash);
    }

    [Fact]
    public async Task A_token_of_two_lines_is_turned_into_a_new_one()
    {
        string old = new('a', 43);
        Directory.CreateDirectory(_daemon.Folder["data/tokens"]);
        await File.WriteAllTextAsync(_daemon.Folder["data/tokens/old"], old + "\nread\n");
        File.SetUnixFileMode(_daemon.Folder["data/tokens/old"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await Token("ls")).Text.Should().Contain("in clear: rotate it");

        string rotated = await Made("rotate", "old", "--overlap", "1d");
        (await Get(old), await Get(rotated)).Should().Be((HttpStatusCode.OK, HttpStatusCode.OK));
        (await File.ReadAllTextAsync(_daemon.Folder["data/tokens/old"])).Should().NotContain(old);
    }

    [Theory]
    [InlineData("create x", 2, "a scope is missing")]
    [InlineData("create x --scope write", 2, "\"write\" is no scope")]
    [InlineData("create ../x --scope read", 2, "allowed: 1 to 64 characters")]
    [InlineData("create x --scope read --expires soon", 2, "--expires \"soon\"")]
    [InlineData("rotate nobody", 125, "there is no token \"nobody\"")]
    [InlineData("revoke nobody", 125, "there is no token \"nobody\"")]
    public async Task Wrong_use_makes_nothing(string words, int code, string says)
    {
        (int exit, string text, string talk) = await Token(words.Split(' '));
        (exit, text).Should().Be((code, string.Empty));
        talk.Should().Contain(says);
        (Directory.Exists(_daemon.Folder["data/tokens"]) ? Directory.GetFiles(_daemon.Folder["data/tokens"]) : []).Should().NotContain(file => file.EndsWith('x'));
    }

    [Fact]
    public async Task A_token_that_is_there_is_not_made_again_and_a_data_folder_that_is_not_is_no_place()
    {
        string first = await Made("create", "t", "--scope", "read");
        (await Token("create", "t", "--scope", "admin")).Talk.Should().Contain("there is a token \"t\" already");
        (await Get(first)).Should().Be(HttpStatusCode.OK);
        (await KuidCommand.Run(["token", "ls", "--data", _daemon.Folder["nowhere"]])).Stderr.Should().Contain("there is no data folder");
    }

    private async Task<(int Code, string Text, string Talk)> Token(params string[] words)
    {
        ToolRun run = await KuidCommand.Run(["token", .. words, "--data", _daemon.Folder["data"]]);
        return (run.ExitCode, run.Text, run.Stderr);
    }

    private async Task<string> Made(params string[] words)
    {
        (int code, string text, string talk) = await Token(words);
        (code, talk).Should().Be((0, string.Empty));
        text.Should().MatchRegex("^[A-Za-z0-9_-]{43}\n$");
        return text.TrimEnd('\n');
    }

    private async Task<HttpStatusCode> Get(string token)
    {
        using HttpClient client = Client(token);
        return (await client.GetAsync("/v1/jobs")).StatusCode;
    }

    private async Task<HttpStatusCode> Submit(string token)
    {
        using HttpClient client = Client(token);
        using var body = new StringContent("""{"kind":"shell","command":"true"}""", new MediaTypeHeaderValue("application/json"));
        return (await client.PostAsync("/v1/jobs", body)).StatusCode;
    }

    private HttpClient Client(string token) => new()
    {
        BaseAddress = new Uri("http://127.0.0.1:" + _port),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };
}
