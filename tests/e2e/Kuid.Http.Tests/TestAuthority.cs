using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kuid.Http.Tests;

/// <summary>An authority of a test's own, which signs certificates for servers and clients.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal TestAuthority(string name)
    {
        var request = new CertificateRequest("CN=" + name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
    }

    /// <summary>Its own certificate.</summary>
    internal X509Certificate2 Certificate { get; }

    /// <summary>Signs a certificate with a new key.</summary>
    internal X509Certificate2 Issue(string name, bool forServers = false, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (forServers)
        {
            names.AddIpAddress(IPAddress.Parse("127.0.0.2"));

            // The client looks for the Host it sends in the certificate, and tests send others.
            names.AddDnsName("jobs.test");
            names.AddDnsName("x.jobs.test");
            names.AddDnsName("evil.test");
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(forServers ? ServerUse : ClientUse)], critical: false));
        using X509Certificate2 signed = request.Create(
            Certificate, DateTimeOffset.UtcNow.AddDays(-5), DateTimeOffset.UtcNow.AddDays(expired ? -1 : 5), RandomNumberGenerator.GetBytes(12));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Signs one and writes it with its key, PEM.</summary>
    internal void Write(string certificatePath, string keyPath, string name, bool forServers = true)
    {
        using X509Certificate2 certificate = Issue(name, forServers);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(keyPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Writes its own certificate, PEM.</summary>
    internal void WriteOwn(string path) => File.WriteAllText(path, Certificate.ExportCertificatePem());

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
