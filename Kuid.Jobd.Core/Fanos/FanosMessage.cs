using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Fanos;

/// <summary>
/// One message of FANOS, "file descriptors and netstrings over sockets" (Oils' doc/fanos): bytes, and descriptors that came with
/// them. It owns those that nobody has taken out.
/// </summary>
/// <param name="payload">What is between the colon and the comma.</param>
/// <param name="descriptors">In the order in which they were sent.</param>
/// <param name="descriptorsLost">Whether more were sent than could be taken.</param>
public sealed class FanosMessage(ReadOnlyMemory<byte> payload, IReadOnlyList<SafeFd> descriptors, bool descriptorsLost) : IDisposable
{
    /// <summary>What is between the colon and the comma.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>The descriptors, in the order in which they were sent; close-on-exec.</summary>
    public IReadOnlyList<SafeFd> Descriptors { get; private set; } = descriptors;

    /// <summary>Whether more were sent than could be taken: too many for one message, or this process has no numbers left.</summary>
    public bool DescriptorsLost { get; } = descriptorsLost;

    /// <summary>Hands the descriptors over: they are the caller's from here on.</summary>
    public IReadOnlyList<SafeFd> TakeDescriptors()
    {
        IReadOnlyList<SafeFd> taken = Descriptors;
        Descriptors = [];
        return taken;
    }

    /// <summary>Closes the descriptors that nobody has taken.</summary>
    public void Dispose()
    {
        foreach (SafeFd descriptor in TakeDescriptors())
        {
            descriptor.Dispose();
        }
    }
}
