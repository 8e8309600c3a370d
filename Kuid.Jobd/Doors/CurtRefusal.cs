using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Doors;

/// <summary>Tells a connection, without waiting for it, why it is not served.</summary>
internal static class CurtRefusal
{
    // The accept loop waits for these reads: a client that sends without end is not read to its end.
    private const int ReadsAtMost = 16;

    /// <summary>
    /// Writes what fits and ends the connection, which the caller then closes. The little that a client has sent is taken out first, so
    /// that closing does not reset its connection; and it can send no more by then, for what came between the last read and the close
    /// would reset it all the same.
    /// </summary>
    internal static void Send(SafeFd connection, ReadOnlySpan<byte> words)
    {
        Span<byte> dropped = stackalloc byte[4096];
        try
        {
            LibcIo.Write(connection, words);
            LibcSocket.Shutdown(connection);
            for (int i = 0; i < ReadsAtMost && LibcIo.Read(connection, dropped) > 0; i++)
            {
            }
        }
        catch (NativeException)
        {
            // It has gone already.
        }
    }
}
