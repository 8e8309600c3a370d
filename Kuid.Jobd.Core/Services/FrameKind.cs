namespace Kuid.Jobd.Core.Services;

/// <summary>What a frame of a call is. The numbers go over sockets: append only.</summary>
public enum FrameKind : byte
{
    /// <summary>From the caller: bytes of standard input; empty for its end.</summary>
    In = 0,

    /// <summary>To the caller: bytes of standard output.</summary>
    Out = 1,

    /// <summary>To the caller: bytes of standard error.</summary>
    Err = 2,

    /// <summary>From the caller: a signal for the program, by its name without SIG.</summary>
    Signal = 3,

    /// <summary>From the caller: the size of its terminal, a <see cref="WindowSize"/>.</summary>
    Window = 4,

    /// <summary>From the caller: <c>NAME=value</c> for the program's environment, before the start.</summary>
    Env = 5,

    /// <summary>From the caller: empty; the program begins.</summary>
    Start = 6,

    /// <summary>To the caller: the program runs; a byte of flags and its process id.</summary>
    Started = 7,

    /// <summary>To the caller: it is over; its raw wait status. The last frame.</summary>
    Exit = 8,

    /// <summary>To the caller: why there is no program, in UTF-8. The last frame.</summary>
    Error = 9,
}
