using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Kuid.Cli.Api;

/// <summary>How requests get to the daemon, and what is said when they do not.</summary>
internal static class DaemonConnection
{
    /// <summary>A client whose every connection goes to the address.</summary>
    /// <exception cref="FailureException">The token cannot be read, or the path cannot be a socket's.</exception>
    internal static HttpClient Open(DaemonAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
        if (address.Tls is { } tls)
        {
            handler.SslOptions = tls.ToOptions();
        }

        if (address.Socket is { } path)
        {
            UnixDomainSocketEndPoint endPoint = EndPoint(path);
            handler.ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(endPoint, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        var client = new HttpClient(handler)
        {
            BaseAddress = address.Url ?? new Uri("http://localhost"),

            // Following a job and waiting for its end take as long as the job does.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (address.TokenFile is { } file)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ReadToken(file));
        }

        return client;
    }

    /// <summary>What a request that did not come through means.</summary>
    internal static FailureException Explain(HttpRequestException e, DaemonAddress address)
    {
        SocketError? error = e.InnerException is SocketException socket ? socket.SocketErrorCode : null;
        string where = $"no daemon at {address}";
        string remedy = address.Socket is null
            ? "start kuid-jobd, or give the right --url"
            : "start kuid-jobd, or name its socket with --socket or KUID_SOCKET";
        return new FailureException(error switch
        {
            // The daemon's sockproc socket lies beside this one and answers, in a format of its own.
            null when e.HttpRequestError == HttpRequestError.InvalidResponse =>
                $"what answers at {address} does not speak HTTP; kuid needs the daemon's HTTP socket, not its sockproc socket",
            // .NET's word for ENOENT on a Unix socket.
            SocketError.AddressNotAvailable => $"{where}: there is no such socket; {remedy}",
            SocketError.ConnectionRefused => $"{where}: nobody listens there; {remedy}",
            SocketError.AccessDenied => $"permission denied at {address}: the socket is its daemon's user's; run kuid as that user",
            null when e.InnerException is AuthenticationException refused =>
                $"no TLS with the daemon at {address}: {refused.Message.TrimEnd('.')}; --ca names who has signed its certificate, and the address's name has to be in it",
            null => $"the connection to the daemon at {address} broke: {e.GetBaseException().Message.TrimEnd('.')}{Perhaps(address)}",
            _ => $"{where}: {e.InnerException!.Message}; {remedy}",
        });
    }

    // What a port does that was asked in another way than it wants: it closes the connection without a word.
    private static string Perhaps(DaemonAddress address) => address.Url switch
    {
        { Scheme: "http" } => "; it has ended, or wants https://",
        { Scheme: "https" } when address.Tls?.Certificate is null => "; it has ended, or wants a --certificate",
        _ => string.Empty,
    };

    private static UnixDomainSocketEndPoint EndPoint(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new FailureException($"the socket path {path} is longer than a socket's path can be (107 bytes)");
        }
    }

    private static string ReadToken(string file)
    {
        try
        {
            string token = File.ReadAllText(file).Trim();
            return token.Length > 0 && token.All(c => c is > ' ' and < '\x7f')
                ? token
                : throw new FailureException($"--token-file {file}: holds no token");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"--token-file {file}: {e.Message}");
        }
    }
}
