using System.Net;
using Kuid.Jobd.Core.Access;
using Kuid.TestKit.Contract;

namespace Kuid.Http.Tests;

/// <summary>Each operation of the contract with each kind of token, and where tokens must not be found.</summary>
public sealed class TokenMatrixSpecs : IAsyncLifetime
{
    private HttpDaemon _http = null!;

    public async ValueTask InitializeAsync() => _http = await HttpDaemon.Start(tcp: true);

    public ValueTask DisposeAsync() => _http.DisposeAsync();

    [Theory]
    [InlineData("read")]
    [InlineData("run")]
    [InlineData("admin")]
    [InlineData("run:local")]
    [InlineData("run:other")]
    public async Task Row_107_A_token_opens_the_operations_of_its_scopes_and_no_others(string scope)
    {
        string token = Put("t", scope, expiresAt: null);
        using HttpClient client = _http.Tcp(token);
        foreach (ContractOperation operation in HttpContract.OfRepository.Operations)
        {
            bool looks = operation.Method == HttpMethod.Get;
            bool allowed = operation.Id is "getHealth" or "getVersion" || scope switch
            {
                "read" => looks,
                "run:local" => operation.Id == "runService",
                "run:other" => false,
                _ => true,
            };
            (await Status(client, operation) != HttpStatusCode.Forbidden).Should().Be(allowed, "{0} with {1}", operation, scope);
        }
    }

    [Fact]
    public async Task Row_106_An_expired_token_opens_no_route()
    {
        string token = Put("late", "admin", expiresAt: DateTime.UtcNow.AddSeconds(-1));
        using HttpClient client = _http.Tcp(token);
        foreach (ContractOperation operation in HttpContract.OfRepository.Operations.Where(operation => operation.Id is not ("getHealth" or "getVersion")))
        {
            (await Status(client, operation)).Should().Be(HttpStatusCode.Unauthorized, "{0}", operation);
        }
    }

    [Fact]
    public async Task Row_122_A_token_is_in_no_answer_log_line_command_line_environment_or_job()
    {
        string secret = Put("seen", "run", expiresAt: null);
        using HttpClient client = _http.Tcp(secret);
        using HttpResponseMessage answer = await client.PostAsync("/v1/exec", Requests.Json(Requests.Shell("env; cat /proc/$PPID/cmdline /proc/$PPID/environ; ls -l /proc/self/fd")));
        string seen = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(HttpStatusCode.OK);

        // In the wrong places it is no token, and not repeated either.
        using HttpClient without = _http.Tcp(token: null);
        using HttpResponseMessage asQuery = await without.GetAsync($"/v1/jobs?access_token={secret}");
        asQuery.StatusCode.Should().Be(HttpStatusCode.Unauthorized, "a URL is no place for a token");
        using HttpClient cut = _http.Tcp(secret[..^1]);
        using HttpResponseMessage wrong = await cut.GetAsync("/v1/jobs");
        string answers = seen + await asQuery.Content.ReadAsStringAsync() + await wrong.Content.ReadAsStringAsync() + wrong.Headers;

        string process = await File.ReadAllTextAsync($"/proc/{_http.Daemon.Pid}/cmdline") + await File.ReadAllTextAsync($"/proc/{_http.Daemon.Pid}/environ");
        foreach (string token in (string[])[secret, _http.Token])
        {
            answers.Should().NotContain(token);
            process.Should().NotContain(token);
            _http.Daemon.Log.Should().NotContain(token);
        }

        // Nor is what was nearly one.
        answers.Should().NotContain(secret[..^1]);
        _http.Daemon.Log.Should().NotContain(secret[..^1]);
        string[] files = [.. Directory.GetFiles(_http.Daemon.Folder["data"], "*", SearchOption.AllDirectories)];
        foreach (string file in files.Where(file => Path.GetFileName(file) is not ("token" or "lock" or "http.sock" or ".lock")))
        {
            ToolRun found = await ToolRun.Of("grep", ["-c", "-a", "-F", "-e", secret, "-e", _http.Token, file]);
            found.ExitCode.Should().NotBe(0, "{0} must not have it", file);
        }
    }

    [Fact]
    public void Row_121_Tokens_are_compared_by_hash_in_fixed_time()
    {
        // Only smoke: where the first wrong byte stands must not show; a comparison of 32 bytes that stopped there would not show either.
        string token = TokenText.Make();
        TokenKey key = TokenKey.OfText(token);
        string early = (token[0] == 'A' ? 'B' : 'A') + token[1..], late = token[..^1] + (token[^1] == 'A' ? 'B' : 'A');
        Measure(key, early, 20_000);

        // The least of many is what it takes; more is what else the machine did.
        (double Early, double Late)[] times = [.. Enumerable.Range(0, 50).Select(_ => (Measure(key, early, 1000), Measure(key, late, 1000)))];
        (times.Min(time => time.Early) / times.Min(time => time.Late)).Should().BeInRange(0.5, 2);

        File.ReadAllText(Repository.File("Kuid.Jobd.Core/Access/TokenKey.cs")).Should().Contain("CryptographicOperations.FixedTimeEquals(hash, ");
        foreach (string file in Directory.GetFiles(Repository.File("Kuid.Jobd.Core/Access"), "*.cs").Concat(Directory.GetFiles(Repository.File("Kuid.Jobd.Api/Security"), "*.cs")))
        {
            File.ReadAllText(file).Should().NotContain("SequenceEqual", "{0} compares secrets by CryptographicOperations.FixedTimeEquals", file);
        }
    }

    private static double Measure(TokenKey key, string presented, int times)
    {
        Span<byte> hash = stackalloc byte[TokenText.HashBytes];
        long begun = System.Diagnostics.Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            TokenText.TryHash(presented, hash);
            _ = key.Matches(hash);
        }

        return System.Diagnostics.Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
    }

    private static async Task<HttpStatusCode> Status(HttpClient client, ContractOperation operation)
    {
        string path = operation.Path.Replace("{id}", "999999", StringComparison.Ordinal).Replace("{name}", "local", StringComparison.Ordinal);
        using HttpResponseMessage response = await client.SendAsync(new HttpRequestMessage(operation.Method, path), HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }

    private string Put(string name, string scope, DateTime? expiresAt)
    {
        string token = TokenText.Make();
        var folder = TokenFolder.Of(_http.Daemon.Folder["data"]);
        using IDisposable held = folder.Lock();
        folder.Write(new NamedToken(name, ScopeSet.Of([scope]), [TokenKey.OfText(token, DateTime.UtcNow.AddDays(-1), expiresAt)]));
        return token;
    }
}
