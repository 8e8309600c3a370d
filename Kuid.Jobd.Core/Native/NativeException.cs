using System.Runtime.InteropServices;

namespace Kuid.Jobd.Core.Native;

/// <summary>A system call that failed, said as a person needs it: what was being done, to what, and why it could not be.</summary>
/// <param name="operation">What was being done, with its target: <c>open /tmp/x for the pidfile</c>.</param>
/// <param name="errno">The error number.</param>
public sealed class NativeException(string operation, int errno)
    : IOException($"{operation}: {Native.Errno.Describe(errno)}")
{
    /// <summary>The error number, for the callers that act on it.</summary>
    public int Errno { get; } = errno;

    /// <summary>
    /// The exception for the P/Invoke that has just failed on this thread. The operation must be there already or be put
    /// together from strings: formatting anything else can make calls of its own, which overwrite the error number.
    /// </summary>
    public static NativeException Last(string operation) => new(operation, Marshal.GetLastPInvokeError());
}
