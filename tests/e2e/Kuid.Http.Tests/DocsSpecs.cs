using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace Kuid.Http.Tests;

/// <summary>The contract as a page, from the daemon alone.</summary>
public sealed partial class DocsSpecs(SharedDaemon shared) : IClassFixture<SharedDaemon>
{
    private readonly HttpClient _client = shared.Http.Client;

    [Fact]
    public async Task The_page_is_made_of_what_the_daemon_serves_and_of_nothing_else()
    {
        using HttpResponseMessage response = await _client.GetAsync("/docs");
        response.Header("Content-Security-Policy").Should().Contain("default-src 'none'").And.NotContain("http").And.NotContain("*")
            .And.NotContain("unsafe-eval").And.NotMatchRegex("script-src[^;]*unsafe");
        string page = await response.Content.ReadAsStringAsync();
        string[] parts = [.. Reference().Matches(page).Select(match => match.Groups["path"].Value)];
        parts.Should().HaveCount(3).And.OnlyContain(path => path.StartsWith("/docs/", StringComparison.Ordinal));
        page.Should().NotMatchRegex(@"<script>|<script [^s]|\son[a-z]+=");
        foreach (string path in parts)
        {
            using HttpResponseMessage part = await _client.GetAsync(path);
            part.StatusCode.Should().Be(HttpStatusCode.OK);
            part.Header("X-Content-Type-Options").Should().Be("nosniff");
        }

        (await _client.GetStringAsync("/docs/start.js")).Should().Contain("'/openapi.yaml'");
    }

    [Fact]
    public async Task Its_script_and_style_come_compressed_to_those_who_take_that_and_are_the_same()
    {
        foreach ((string path, string word) in ((string, string)[])[("/docs/script.js", "SwaggerUIBundle"), ("/docs/style.css", ".swagger-ui")])
        {
            string plain = await _client.GetStringAsync(path);
            plain.Should().Contain(word);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.ParseAdd("gzip, br;q=0.5");
            using HttpResponseMessage response = await _client.SendAsync(request);
            response.Content.Headers.ContentEncoding.Should().Equal("gzip");
            await using var content = new GZipStream(await response.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
            (await new StreamReader(content).ReadToEndAsync()).Should().Be(plain);
        }
    }

    [Fact]
    public async Task A_daemon_that_nobody_asked_for_the_page_has_loaded_nothing_for_it()
    {
        await using HttpDaemon daemon = await HttpDaemon.Start();
        await daemon.Client.GetStringAsync("/v1/jobs");
        string maps = $"/proc/{daemon.Daemon.Pid}/maps";
        (await File.ReadAllTextAsync(maps)).Should().NotContain("SwaggerUI");
        await daemon.Client.GetStringAsync("/docs/style.css");
        (await File.ReadAllTextAsync(maps)).Should().Contain("SwaggerUI", "that is how it would be seen");
    }

    [GeneratedRegex("(?:src|href)=\"(?<path>[^\"]*)\"", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Reference();
}
