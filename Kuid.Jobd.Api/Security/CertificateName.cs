using System.Security.Cryptography.X509Certificates;
using Kuid.Jobd.Core.Access;

namespace Kuid.Jobd.Api.Security;

/// <summary>The name that the holder of a certificate has here.</summary>
internal static class CertificateName
{
    /// <summary>The first DNS name among its alternative names, else its common name, as a principal: <c>cert:laptop.example</c>.</summary>
    /// <returns>Null for a name that is not printable ASCII without spaces: it could be taken for another.</returns>
    internal static string? Of(X509Certificate2 certificate)
    {
        string name = certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false);
        return name.Length > 0 && name.All(c => c is > ' ' and < '\x7f') ? AccessList.CertificatePrefix + name : null;
    }
}
