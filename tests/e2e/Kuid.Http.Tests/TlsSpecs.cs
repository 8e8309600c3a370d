using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kuid.TestKit.Contract;

namespace Kuid.Http.Tests;

/// <summary>The HTTP port with TLS: on addresses that others can reach, with and without certificates of clients.</summary>
public sealed class TlsSpecs : IDisposable
{
    // Another address than 127.0.0.1 is one that others could reach; this one is still this machine's.
    private const string Address = "127.0.0.2";

    private readonly TempFolder _folder = new();
    private readonly TestAuthority _authority = new("server authority");
    private readonly TestAuthority _clients = new("client authority");
    private readonly string _port = TestDaemon.FreePort();

    [Fact]
    public async Task Row_103_An_address_that_others_can_reach_is_served_with_TLS_and_not_without()
    {
        ToolRun without = await ToolRun.Of(Repository.Daemon, [_folder["s"], "--foreground", "--data", _folder["data"], "--http", $"{Address}:{_port}"]);
        (without.ExitCode, without.Stdout.Length).Should().Be((2, 0));
        without.Stderr.Should().Contain("needs TLS");

        await using TestDaemon daemon = await Start();
        string token = (await File.ReadAllTextAsync(daemon.Folder["data/token"])).Trim();
        using HttpClient client = Client(token: token), stranger = Client();
        (await client.GetAsync("/v1/jobs")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await stranger.GetAsync("/v1/jobs")).StatusCode.Should().Be(HttpStatusCode.Unauthorized, "TLS alone says nothing of who asks");
    }

    [Fact]
    public async Task Nothing_is_spoken_without_encryption_or_with_an_old_one()
    {
        await using TestDaemon daemon = await Start();
        using var plain = new HttpClient { BaseAddress = new Uri($"http://{Address}:{_port}") };
        await FluentActions.Awaiting(() => plain.GetAsync("/healthz")).Should().ThrowAsync<HttpRequestException>();
        ToolRun old = await ToolRun.Of("curl", ["-sS", "-k", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", $"https://{Address}:{_port}/healthz"]);
        old.ExitCode.Should().NotBe(0);
        using var untrusting = new HttpClient { BaseAddress = new Uri($"https://{Address}:{_port}") };
        await FluentActions.Awaiting(() => untrusting.GetAsync("/healthz")).Should().ThrowAsync<HttpRequestException>("its authority is not the system's");
        (await daemon.Answers(TimeSpan.FromSeconds(20))).Should().BeTrue();
    }

    [Fact]
    public async Task A_certificate_does_what_the_list_says_of_its_name()
    {
        await using TestDaemon daemon = await Start(withClients: true, "--allow", "cert:reader.test=read", "--allow", "cert:runner.test=run");
        using HttpClient reader = Client(_clients.Issue("reader.test")), runner = Client(_clients.Issue("runner.test")), unknown = Client(_clients.Issue("nobody.test"));

        (await reader.GetAsync("/v1/jobs")).StatusCode.Should().Be(HttpStatusCode.OK);
        (await reader.PostAsync("/v1/jobs", Requests.Json(Requests.Shell("true")))).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        using HttpResponseMessage ran = await runner.PostAsync("/v1/jobs?wait=30", Requests.Json(Requests.Shell("true")));
        (await ran.Body()).Text("principal").Should().Be("cert:runner.test");
        (await unknown.GetAsync("/v1/jobs")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        await Eventually.Holds(
            async () => (await File.ReadAllTextAsync(daemon.Folder["data/audit.log"])).Contains("\"principal\":\"cert:nobody.test\"", StringComparison.Ordinal), "the refusal is noted");
    }

    [Fact]
    public async Task Who_has_no_certificate_of_the_clients_authority_does_not_get_as_far_as_a_request()
    {
        await using TestDaemon daemon = await Start(withClients: true, "--allow", "cert:reader.test=read");
        using var others = new TestAuthority("client authority");
        foreach (X509Certificate2? presented in (X509Certificate2?[])[null, others.Issue("reader.test"), _authority.Issue("reader.test"), _clients.Issue("reader.test", forServers: true), _clients.Issue("reader.test", expired: true)])
        {
            using HttpClient client = Client(presented, File.ReadAllText(daemon.Folder["data/token"]).Trim());
            await FluentActions.Awaiting(() => client.GetAsync("/healthz")).Should().ThrowAsync<HttpRequestException>();
        }

        using HttpClient right = Client(_clients.Issue("reader.test"));
        (await right.GetAsync("/v1/jobs")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_answers_to_the_names_it_was_given_and_to_no_others()
    {
        await using TestDaemon daemon = await Start(withClients: false, "--http-names", "jobs.test", "--http-names", Address);
        using HttpClient client = Client();
        foreach ((string host, HttpStatusCode status) in (ReadOnlySpan<(string, HttpStatusCode)>)
            [("jobs.test", HttpStatusCode.OK), ($"jobs.test:{_port}", HttpStatusCode.OK), ("localhost", HttpStatusCode.OK), ("evil.test", HttpStatusCode.MisdirectedRequest), ("x.jobs.test", HttpStatusCode.MisdirectedRequest)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz") { Headers = { Host = host } };
            client.Send(request).StatusCode.Should().Be(status, host);
        }
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_up_at_SIGHUP_and_a_broken_one_changes_nothing()
    {
        await using TestDaemon daemon = await Start();
        string before = await Presented();
        _authority.Write(_folder["server.pem"], _folder["server.key"], "localhost");
        (await Presented()).Should().Be(before, "nothing was said yet");
        await daemon.Signal("HUP");
        await Eventually.Holds(async () => await Presented() != before, "the new one is shown");

        string renewed = await Presented();
        await File.WriteAllTextAsync(_folder["server.pem"], "broken");
        await daemon.Signal("HUP");
        await Eventually.Holds(() => daemon.Log.Contains("the configuration stays as it was", StringComparison.Ordinal), "it is said");
        (await Presented()).Should().Be(renewed);
    }

    [Theory]
    [InlineData("--tls-certificate", "both --tls-certificate and --tls-key")]
    [InlineData("--tls-key", "both --tls-certificate and --tls-key")]
    [InlineData("--tls-client-ca", "both --tls-certificate and --tls-key")]
    public async Task Half_of_what_TLS_needs_is_refused(string option, string says)
    {
        _authority.Write(_folder["server.pem"], _folder["server.key"], "localhost");
        ToolRun run = await ToolRun.Of(Repository.Daemon, [_folder["s"], "--foreground", "--data", _folder["data"], option, _folder["server.pem"]]);
        run.ExitCode.Should().Be(2);
        run.Stderr.Should().Contain(says);
    }

    [Fact]
    public async Task A_key_that_others_can_read_or_that_is_anothers_is_refused()
    {
        _authority.Write(_folder["server.pem"], _folder["server.key"], "localhost");
        _authority.Write(_folder["other.pem"], _folder["other.key"], "localhost");
        File.SetUnixFileMode(_folder["server.key"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        foreach ((string key, string says) in ((string, string)[])[("server.key", "others may have read this key"), ("other.key", "other.key")])
        {
            ToolRun run = await ToolRun.Of(
                Repository.Daemon,
                [_folder["s"], "--foreground", "--data", _folder["data"], "--http", $"{Address}:{_port}", "--tls-certificate", _folder["server.pem"], "--tls-key", _folder[key]]);
            run.ExitCode.Should().Be(2);
            run.Stderr.Should().Contain(says);
        }
    }

    [Fact]
    public async Task Kuid_shows_its_certificate_and_trusts_the_authority_it_is_told()
    {
        await using TestDaemon daemon = await Start(withClients: true, "--allow", "cert:laptop.test=run", "--http-names", Address);
        _clients.Write(_folder["laptop.pem"], _folder["laptop.key"], "laptop.test", forServers: false);
        string[] tls = ["--url", $"https://{Address}:{_port}", "--ca", _folder["server-ca.pem"], "--certificate", _folder["laptop.pem"], "--key", _folder["laptop.key"]];

        ToolRun ran = await ToolRun.Of(Repository.File("bin/kuid"), [.. tls, "run", "--", "echo", "over TLS"]);
        (ran.ExitCode, ran.Text).Should().Be((0, "over TLS\n"), ran.Stderr);
        ToolRun refused = await ToolRun.Of(Repository.File("bin/kuid"), ["--url", $"https://{Address}:{_port}", "--ca", _folder["client-ca.pem"], "--certificate", _folder["laptop.pem"], "--key", _folder["laptop.key"], "ps"]);
        refused.ExitCode.Should().Be(125);
        refused.Stderr.Should().Match($"kuid: no TLS with the daemon at https://{Address}:{_port}: The remote certificate is invalid*; --ca names who has signed its certificate, and *\n");

        ToolRun unknown = await ToolRun.Of(Repository.File("bin/kuid"), ["--url", $"https://{Address}:{_port}", "--ca", _folder["server-ca.pem"], "--token-file", daemon.Folder["data/token"], "ps"]);
        unknown.ExitCode.Should().Be(125);
        unknown.Stderr.Should().EndWith("; it has ended, or wants a --certificate\n");

        ToolRun plain = await ToolRun.Of(Repository.File("bin/kuid"), ["--url", $"http://{Address}:{_port}", "--token-file", daemon.Folder["data/token"], "ps"]);
        plain.ExitCode.Should().Be(125);
        plain.Stderr.Should().EndWith("; it has ended, or wants https://\n");
    }

    public void Dispose()
    {
        _authority.Dispose();
        _clients.Dispose();
        _folder.Dispose();
    }

    private async Task<TestDaemon> Start(bool withClients = false, params string[] options)
    {
        _authority.Write(_folder["server.pem"], _folder["server.key"], "localhost");
        _authority.WriteOwn(_folder["server-ca.pem"]);
        _clients.WriteOwn(_folder["client-ca.pem"]);
        return await TestDaemon.Start(
            [
                "--http", $"{Address}:{_port}", "--tls-certificate", _folder["server.pem"], "--tls-key", _folder["server.key"],
                .. withClients ? (string[])["--tls-client-ca", _folder["client-ca.pem"]] : [], .. options,
            ]);
    }

    private HttpClient Client(X509Certificate2? certificate = null, string? token = null)
    {
        var ssl = new SslClientAuthenticationOptions { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        ssl.CertificateChainPolicy.CustomTrustStore.Add(_authority.Certificate);
        if (certificate is not null)
        {
            ssl.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        }

        // It is reached by its address and answers to localhost.
        return new HttpClient(new ContractHandler(new SocketsHttpHandler { SslOptions = ssl }))
        {
            BaseAddress = new Uri($"https://{Address}:{_port}"),
            DefaultRequestHeaders = { Host = "localhost", Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
        };
    }

    private async Task<string> Presented()
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(Address, int.Parse(_port, System.Globalization.CultureInfo.InvariantCulture));
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 });
        return tls.RemoteCertificate!.GetSerialNumberString();
    }
}
