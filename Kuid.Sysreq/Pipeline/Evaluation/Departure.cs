namespace Kuid.Sysreq.Pipeline.Evaluation;

/// <summary>Why a shell leaves what it is in the middle of.</summary>
internal enum DepartureKind
{
    /// <summary>It does not.</summary>
    None,

    /// <summary><c>break</c>: out of loops.</summary>
    Break,

    /// <summary><c>continue</c>: to the next round of a loop.</summary>
    Continue,

    /// <summary><c>return</c>: out of a function.</summary>
    Return,

    /// <summary><c>exit</c>: out of the shell.</summary>
    Exit,

    /// <summary>Something without which the script cannot go on is not there.</summary>
    Abandon,
}

/// <summary>What a shell leaves, set by the command that says so and looked at after each command.</summary>
/// <param name="Levels">How many loops, for <c>break</c> and <c>continue</c>.</param>
internal readonly record struct Departure(DepartureKind Kind, int Levels = 0);
