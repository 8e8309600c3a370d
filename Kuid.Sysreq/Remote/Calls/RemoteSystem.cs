namespace Kuid.Sysreq.Remote;

/// <summary>
/// The system calls of a connection with their types: bytes in, records out. Every call is made by the server process, relative to its
/// current folder and with its rights. A refused call throws <see cref="SysreqException"/>; a lost connection throws
/// <see cref="ConnectionLostException"/>. Calls may be made from many tasks; they are executed one after the other.
/// </summary>
public sealed partial class RemoteSystem(SysreqClient client)
{
    /// <summary>The connection.</summary>
    public SysreqClient Client { get; } = client;

    private static NotSupportedException Soon() => new("not yet");
}
