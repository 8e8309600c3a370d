using Kuid.Jobd.Api.Security;

namespace Kuid.Jobd.Doors;

/// <summary>Whether TLS is spoken on the HTTP port, and that it is where others can reach it.</summary>
internal static class HttpTls
{
    /// <summary>Reads the certificates.</summary>
    /// <returns>Null where no TLS is asked for.</returns>
    /// <exception cref="StartException">They are wrong, half of them is missing, or the port is others' to reach without them.</exception>
    internal static TlsCertificates? Open(DaemonOptions options)
    {
        if (options.Tls is { Certificate: { } certificate, Key: { } key })
        {
            try
            {
                return new TlsCertificates(certificate, key, options.Tls.ClientAuthority);
            }
            catch (InvalidDataException e)
            {
                throw new StartException(e.Message, ExitCode.Usage);
            }
        }

        if (options.Tls != new TlsOptions())
        {
            throw new StartException("TLS needs both --tls-certificate and --tls-key", ExitCode.Usage);
        }

        return options.Http.Address is { IsLoopback: false } address
            ? throw new StartException(
                $"--http {address}: others can reach this address, so it needs TLS: --tls-certificate and --tls-key, and --tls-client-ca for certificates of clients", ExitCode.Usage)
            : null;
    }
}
