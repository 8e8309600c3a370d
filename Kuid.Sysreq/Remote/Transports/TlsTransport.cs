using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// A server behind TLS 1.3. kuid-sysreqd speaks no TLS itself: a terminator (stunnel, haproxy) stands before it and asks for the client's
/// certificate. The files are read at each connection, so that renewed ones are used.
/// </summary>
public sealed class TlsTransport(TlsAddress address) : ITransport
{
    private readonly string _host = address.Host.Trim('[', ']');

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var options = ReadFiles();
        var inner = await new TcpTransport(address.Host, address.Port).OpenAsync(cancellationToken);
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancellationToken);
            return stream;
        }
        catch (Exception error)
        {
            await stream.DisposeAsync();
            if (error is AuthenticationException)
                throw new IOException($"tls:{address.Host}:{address.Port}: {error.Message}", error);

            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => address.ToString();

    private SslClientAuthenticationOptions ReadFiles()
    {
        try
        {
            var options = new SslClientAuthenticationOptions
            {
                TargetHost = _host,
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                ClientCertificates = address.Certificate is { } file
                    ? [X509Certificate2.CreateFromPemFile(file, address.Key)]
                    : null,
            };

            if (address.Pin is { } pin)
            {
                using var pinned = X509Certificate2.CreateFromPem(File.ReadAllText(pin));
                var expected = pinned.RawData;
                options.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null && CryptographicOperations.FixedTimeEquals(certificate.GetRawCertData(), expected);
            }
            else if (address.Authority is { } authority)
            {
                var trusted = new X509Certificate2Collection();
                trusted.ImportFromPemFile(authority);
                options.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                options.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
            }

            return options;
        }
        catch (CryptographicException error)
        {
            throw new IOException($"{address}: a certificate or key cannot be read: {error.Message}", error);
        }
    }
}
