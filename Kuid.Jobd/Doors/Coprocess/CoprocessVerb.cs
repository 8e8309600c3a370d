namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>What a request of the coprocess door asks for; each is the word on the wire in capitals.</summary>
internal enum CoprocessVerb
{
    /// <summary>The process that serves the connection: its shell.</summary>
    GetPid,

    /// <summary>Run a program and its arguments, without a shell.</summary>
    Argv,

    /// <summary>The older word for <see cref="Argv"/>.</summary>
    Main,

    /// <summary>Set variables for the programs that follow.</summary>
    Env,

    /// <summary>Change the directory of the programs that follow.</summary>
    Cd,

    /// <summary>Evaluate a text in the connection's shell.</summary>
    Eval,

    /// <summary>The same; the answer only says whether it succeeded.</summary>
    Ecmd,

    /// <summary>The same on a terminal, which becomes the shell's own meanwhile.</summary>
    Ieval,

    /// <summary>The state of the shell.</summary>
    Dump,

    /// <summary>The completions of a text's last word.</summary>
    Complete,
}
