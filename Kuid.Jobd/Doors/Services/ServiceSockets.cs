namespace Kuid.Jobd.Doors.Services;

/// <summary>The sockets of the two doors of services, opened where they are wanted.</summary>
internal static class ServiceSockets
{
    /// <summary>The one for callers.</summary>
    /// <exception cref="StartException">Says why it cannot be had.</exception>
    internal static IEnumerable<ListeningSocket> ForCallers(ServicesOptions options) => options.Address switch
    {
        null => [],
        { Path: null } port => [ListeningSocket.Open(port, options.Mode, group: null)],
        { } path => [ListeningSocket.OpenShared(path, options.Mode)],
    };

    /// <summary>The one for subservers.</summary>
    /// <exception cref="StartException">Says why it cannot be had.</exception>
    internal static IEnumerable<ListeningSocket> ForSubservers(ServicesOptions options, DataFolder folder) =>
        options.RegistryPath(folder.Path) is { } path ? [ListeningSocket.OpenShared(AddressOf(path), options.RegistryMode)] : [];

    private static SocketAddress AddressOf(string path)
    {
        try
        {
            return SocketAddress.OfPath(path);
        }
        catch (FormatException e)
        {
            throw new StartException($"--services-registry: {e.Message}; give a shorter one", ExitCode.Usage);
        }
    }
}
