using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kuid.Sysreq.Remote;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>TLS with certificates on both sides, made here; behind it kuid-sysreqd, as behind a terminator.</summary>
public sealed class TlsSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _authority = MakeAuthority("CN=tests");
    private readonly X509Certificate2 _stranger = MakeAuthority("CN=strangers");

    public TlsSpecs()
    {
        Write("ca.pem", _authority.ExportCertificatePem());
        Write("other-ca.pem", _stranger.ExportCertificatePem());
        WriteClient("client", _authority);
        WriteClient("other-client", _stranger);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Both_sides_know_each_other_and_speak_over_tls_1_3()
    {
        await using var terminator = new Terminator(_authority, "localhost");
        var address = HostAddress.Parse($"tls:localhost:{terminator.Port}?cert={_folder["client.pem"]}&key={_folder["client.key"]}&ca={_folder["ca.pem"]}");

        await using var client = await SysreqClient.ConnectAsync(address.ToTransport());

        (await new RemoteSystem(client).UnameAsync()).System.ToString().Should().Be("Linux");
        terminator.Protocol.Should().Be(SslProtocols.Tls13);
        terminator.Client.Should().Be("CN=client");
    }

    [Fact]
    public async Task A_pinned_certificate_needs_no_authority_and_no_name()
    {
        await using var terminator = new Terminator(_stranger, "elsewhere.example");
        Write("pin.pem", terminator.Certificate.ExportCertificatePem());
        Write("wrong-pin.pem", _authority.ExportCertificatePem());
        var start = $"tls:localhost:{terminator.Port}?cert={_folder["other-client.pem"]}&key={_folder["other-client.key"]}";

        await using var client = await SysreqClient.ConnectAsync(HostAddress.Parse($"{start}&pin={_folder["pin.pem"]}").ToTransport());
        var wrong = () => SysreqClient.ConnectAsync(HostAddress.Parse($"{start}&pin={_folder["wrong-pin.pem"]}").ToTransport());

        client.Ident.Version.Should().Be(1);
        await wrong.Should().ThrowAsync<IOException>();
    }

    [Theory]
    [InlineData("client", "other-ca", "localhost", "the server's authority is another")]
    [InlineData("client", "ca", "elsewhere.example", "the certificate is for another name")]
    [InlineData("other-client", "ca", "localhost", "the server does not know the client's authority")]
    [InlineData(null, "ca", "localhost", "the client shows no certificate")]
    public async Task Whoever_is_not_who_he_should_be_gets_no_connection(string? certificate, string trusted, string name, string because)
    {
        await using var terminator = new Terminator(_authority, name);
        var own = certificate is null ? "" : $"cert={_folder[$"{certificate}.pem"]}&key={_folder[$"{certificate}.key"]}&";
        var address = HostAddress.Parse($"tls:localhost:{terminator.Port}?{own}ca={_folder[$"{trusted}.pem"]}");

        var connecting = () => SysreqClient.ConnectAsync(address.ToTransport());

        await connecting.Should().ThrowAsync<IOException>(because);
    }

    [Fact]
    public async Task A_file_that_is_no_certificate_is_named()
    {
        Write("nonsense.pem", "nonsense");

        var connecting = () => SysreqClient.ConnectAsync(HostAddress.Parse($"tls:localhost:1?cert={_folder["nonsense.pem"]}").ToTransport());

        (await connecting.Should().ThrowAsync<IOException>()).WithMessage("*nonsense.pem*certificate or key cannot be read*");
    }

    private static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 issuer, string subject, string? host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (host is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
        }

        using var issued = request.Create(
            issuer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    private void WriteClient(string name, X509Certificate2 issuer)
    {
        using var certificate = Issue(issuer, $"CN={name}", host: null);
        Write($"{name}.pem", certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        Write($"{name}.key", key.ExportPkcs8PrivateKeyPem());
    }

    private void Write(string name, string text) => File.WriteAllText(_folder[name], text);

    /// <summary>Takes one TLS connection after the other and passes on what is in it.</summary>
    private sealed class Terminator : IAsyncDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly X509Certificate2 _authority;
        private readonly Task _accepting;

        public Terminator(X509Certificate2 authority, string host)
        {
            this._authority = authority;
            Certificate = Issue(authority, "CN=server", host);
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen();
            _accepting = AcceptAsync();
        }

        public X509Certificate2 Certificate { get; }
        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;
        public SslProtocols Protocol { get; private set; }
        public string? Client { get; private set; }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _accepting;
            Certificate.Dispose();
        }

        private async Task AcceptAsync()
        {
            while (true)
            {
                Socket socket;
                try
                {
                    socket = await _listener.AcceptAsync();
                }
                catch (Exception error) when (error is SocketException or ObjectDisposedException)
                {
                    return;
                }

                _ = ServeAsync(socket);
            }
        }

        private async Task ServeAsync(Socket socket)
        {
            await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            try
            {
                await stream.AuthenticateAsServerAsync(Options());
                (Protocol, Client) = (stream.SslProtocol, stream.RemoteCertificate?.Subject);
                await using var inner = await new UnixTransport(SysreqServer.SharedSocket).OpenAsync(CancellationToken.None);
                await Task.WhenAny(stream.CopyToAsync(inner), inner.CopyToAsync(stream));
            }
            catch (Exception error) when (error is AuthenticationException or IOException)
            {
                // The client sees it.
            }
        }

        private SslServerAuthenticationOptions Options()
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(_authority);
            return new SslServerAuthenticationOptions
            {
                ServerCertificate = Certificate,
                ClientCertificateRequired = true,
                CertificateChainPolicy = policy,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            };
        }
    }
}
