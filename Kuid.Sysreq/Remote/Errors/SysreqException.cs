namespace Kuid.Sysreq.Remote;

/// <summary>A system call that the remote kernel refused: <c>openat("/nope"): ENOENT, no such file or directory</c>.</summary>
public sealed class SysreqException : Exception
{
    /// <summary>Describes a refused call.</summary>
    /// <param name="call">Its name.</param>
    /// <param name="arguments">Its arguments as people write them, paths quoted; no pointers.</param>
    /// <param name="error">What the kernel said.</param>
    public SysreqException(string call, string arguments, Errno error)
        : base($"{call}({arguments}): {error.Name}, {error.Text}")
    {
        Call = call;
        Arguments = arguments;
        Error = error;
    }

    /// <summary>The call's name, such as <c>openat</c>.</summary>
    public string Call { get; }

    /// <summary>Its arguments as people write them.</summary>
    public string Arguments { get; }

    /// <summary>What the kernel said.</summary>
    public Errno Error { get; }

    /// <summary>The error's number, such as 2.</summary>
    public int ErrnoNumber => Error.Number;

    /// <summary>The error's name, such as <c>ENOENT</c>.</summary>
    public string ErrnoName => Error.Name;
}
