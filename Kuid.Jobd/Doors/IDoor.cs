using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>What a listener hands connections to: one implementation a protocol.</summary>
public interface IDoor
{
    /// <summary>Takes a connection over and returns at once.</summary>
    /// <param name="socketMode">The permissions of the socket that it came in by.</param>
    void Open(SafeFd connection, UnixFileMode socketMode);

    /// <summary>Tells a connection, without waiting, that there are no descriptors to serve it with; the caller closes it.</summary>
    void RefuseForWantOfDescriptors(SafeFd connection);
}
