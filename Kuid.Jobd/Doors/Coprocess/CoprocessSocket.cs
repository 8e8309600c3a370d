namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>The socket that the coprocess door listens on.</summary>
internal static class CoprocessSocket
{
    /// <summary>Opens it where it is wanted, when what it is for can be had.</summary>
    /// <exception cref="StartException">Says why not.</exception>
    internal static IEnumerable<ListeningSocket> Open(CoprocessOptions options)
    {
        if (options.Socket is null)
        {
            return [];
        }

        if (!File.Exists(options.Shell))
        {
            throw new StartException($"--coprocess-shell {options.Shell}: there is no such file", ExitCode.Usage);
        }

        try
        {
            return [ListeningSocket.Open(SocketAddress.OfPath(options.Socket), options.Mode, group: null)];
        }
        catch (FormatException e)
        {
            throw new StartException($"--coprocess-socket: {e.Message}", ExitCode.Usage);
        }
    }
}
