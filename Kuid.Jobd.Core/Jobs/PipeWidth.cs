using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>How much a pipe of a job holds, and is moved over it at a time: more when much goes over it. It does not own the pipe.</summary>
/// <remarks>A pipe of four times the size is waited for a tenth as often, on either end; what is larger still is no faster.</remarks>
internal sealed class PipeWidth(Descriptor pipe) : IDisposable
{
    // The default of F_SETPIPE_SZ(2).
    private const int Narrow = 64 * 1024;

    private const int Wide = 256 * 1024;

    // What lies in a pipe is memory of the kernel's.
    private const int WideAtMost = 64;

    private static int _wide;

    /// <summary>How much it is now.</summary>
    internal int Bytes { get; private set; } = Narrow;

    /// <summary>Widens a pipe over which much has gone, unless too many are wide.</summary>
    /// <returns>Whether it is wider than before.</returns>
    internal bool TryWiden()
    {
        if (Bytes == Wide || pipe.IsForLittle)
        {
            return false;
        }

        if (Interlocked.Increment(ref _wide) <= WideAtMost && LibcIo.TryResizePipe(pipe.Fd, Wide))
        {
            Bytes = Wide;
            return true;
        }

        Interlocked.Decrement(ref _wide);
        return false;
    }

    /// <summary>Lets another pipe be wide.</summary>
    public void Dispose()
    {
        if (Bytes == Wide)
        {
            Interlocked.Decrement(ref _wide);
            Bytes = Narrow;
        }
    }
}
