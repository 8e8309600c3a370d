using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kuid.Cli.Api;

/// <summary>What TLS is spoken with: who may have signed the daemon's certificate, and what is shown to it.</summary>
/// <param name="Authority">PEM; null for the system's authorities.</param>
/// <param name="Certificate">PEM; null for none.</param>
/// <param name="Key">PEM; null when it is in the certificate's file.</param>
internal sealed record DaemonTls(string? Authority, string? Certificate, string? Key)
{
    /// <summary>Of the words of the command line.</summary>
    /// <returns>Null when they say nothing.</returns>
    /// <exception cref="UsageException">There is a key of no certificate.</exception>
    internal static DaemonTls? Of(string? authority, string? certificate, string? key) =>
        key is not null && certificate is null ? throw new UsageException("--key goes with --certificate")
        : authority is null && certificate is null ? null
        : new DaemonTls(authority, certificate, key);

    /// <summary>The same for the handler.</summary>
    /// <exception cref="FailureException">A file cannot be read, or is none of these.</exception>
    internal SslClientAuthenticationOptions ToOptions()
    {
        try
        {
            var options = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 };
            if (Authority is not null)
            {
                options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Authority);
            }

            if (Certificate is not null)
            {
                options.ClientCertificateContext = SslStreamCertificateContext.Create(
                    X509Certificate2.CreateFromPemFile(Certificate, Key), additionalCertificates: null, offline: true);
            }

            return options;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FailureException($"--ca, --certificate, --key: {e.Message}");
        }
    }
}
