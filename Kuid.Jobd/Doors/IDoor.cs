using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>What a listener hands connections to: one implementation a protocol.</summary>
public interface IDoor
{
    /// <summary>What log lines call its sockets; null for the door of sockproc, whose sockets stand for themselves.</summary>
    string? Name { get; }

    /// <summary>Whether whoever reaches it runs what they like as the daemon's user.</summary>
    bool RunsAnything { get; }

    /// <summary>How many connections it serves at once.</summary>
    int MaxConnections { get; }

    /// <summary>How many connections are open at this moment.</summary>
    int Connections { get; }

    /// <summary>Takes a connection over and returns at once.</summary>
    /// <param name="socketMode">The permissions of the socket that it came in by.</param>
    void Open(SafeFd connection, UnixFileMode socketMode);

    /// <summary>Tells a connection, without waiting, that there are no descriptors to serve it with; the caller closes it.</summary>
    void RefuseForWantOfDescriptors(SafeFd connection);

    /// <summary>Ends the connections that want nothing yet and waits until the others have had their answers.</summary>
    Task StopAsync();
}
