using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kuid.Jobd.Api.Security;

/// <summary>
/// What TLS on the HTTP port is spoken with: the daemon's certificate, and the authority that signs its clients' where they need one.
/// </summary>
/// <remarks>Everything is read at the start and again at SIGHUP, for certificates are renewed under a daemon that runs; connections that are
/// open keep what they began with. TLS 1.2 is the least, and revocation lists are not fetched: whoever loses a certificate takes its
/// name off <c>--allow</c>.</remarks>
public sealed class TlsCertificates
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly string _certificate;
    private readonly string _key;
    private readonly string? _clientAuthority;
    private volatile SslServerAuthenticationOptions _options;

    /// <summary>Reads the files, all PEM.</summary>
    /// <param name="certificate">The daemon's certificate, then those between it and its authority.</param>
    /// <param name="key">Its private key.</param>
    /// <param name="clientAuthority">The certificates of which one has to have signed that of each client; null when clients need none.</param>
    /// <exception cref="InvalidDataException">One cannot be read, does not belong to the other, or others may have read the key.</exception>
    public TlsCertificates(string certificate, string key, string? clientAuthority)
    {
        _certificate = certificate;
        _key = key;
        _clientAuthority = clientAuthority;
        _options = Read();
    }

    /// <summary>What a connection that begins now is spoken to with.</summary>
    internal SslServerAuthenticationOptions Options => _options;

    /// <summary>Reads the files again; what is in force stays when there is something wrong with one.</summary>
    /// <exception cref="InvalidDataException">See the constructor.</exception>
    public void Reload() => _options = Read();

    private SslServerAuthenticationOptions Read()
    {
        try
        {
            if ((File.GetUnixFileMode(_key) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            {
                throw new InvalidDataException($"--tls-key {_key}: others may have read this key; chmod 600");
            }

            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_certificate);
            var options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(_certificate, _key), chain, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
                AllowRenegotiation = false,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            };
            if (_clientAuthority is { } authority)
            {
                options.ClientCertificateRequired = true;
                options.CertificateChainPolicy = PolicyOf(authority);
                options.RemoteCertificateValidationCallback = (_, presented, _, errors) => presented is not null && errors == SslPolicyErrors.None;
            }

            return options;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidDataException($"--tls-certificate {_certificate}, --tls-key {_key}{(_clientAuthority is null ? "" : $", --tls-client-ca {_clientAuthority}")}: {e.Message}", e);
        }
    }

    private static X509ChainPolicy PolicyOf(string authority)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(new Oid(ForClients));
        policy.CustomTrustStore.ImportFromPemFile(authority);
        return policy.CustomTrustStore.Count > 0 ? policy : throw new CryptographicException($"{authority} holds no certificate");
    }
}
