namespace Kuid.Sysreq.Remote;

/// <summary>
/// A way to a server: it opens a duplex stream of bytes, which speaks the wire of <see cref="SysreqClient"/> from the banner on. A
/// transport can be opened any number of times, and each time is another process on the other side.
/// </summary>
public interface ITransport
{
    /// <summary>Opens a connection. Its disposal ends whatever carries it.</summary>
    /// <exception cref="IOException">It could not be opened; the message names the address and the reason.</exception>
    ValueTask<Stream> OpenAsync(CancellationToken cancellationToken);
}
