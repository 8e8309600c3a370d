namespace Kuid.Jobd;

/// <summary>What the daemon's exit codes mean, to a person and to a supervisor that decides whether to try again.</summary>
public static class ExitCode
{
    /// <summary>Stopped as asked.</summary>
    public const int Ok = 0;

    /// <summary><c>--check-config</c> has found something that keeps a daemon from starting as it is told to.</summary>
    public const int Problems = 1;

    /// <summary>Wrong use or configuration: the same words will fail again.</summary>
    public const int Usage = 2;

    /// <summary>Another daemon has the socket or the data folder (s6-supervise's number for it).</summary>
    public const int AlreadyRunning = 100;

    /// <summary>The system refused something: a port in use, a folder not writable (s6's number).</summary>
    public const int System = 111;
}

/// <summary>Why the daemon does not start: one clear line and the exit code.</summary>
/// <param name="message">The line.</param>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
public sealed class StartException(string message, int exitCode) : Exception(message)
{
    /// <summary>One of <see cref="Jobd.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;
}
