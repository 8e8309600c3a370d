namespace Kuid.Cli;

/// <summary>What ends kuid with a sentence for the person in front of it.</summary>
/// <param name="message">The sentence, without the <c>kuid:</c> in front.</param>
/// <param name="exitCode">What kuid exits with.</param>
internal class FailureException(string message, int exitCode = Kuid.Cli.ExitCode.Failure) : Exception(message)
{
    /// <summary>What kuid exits with.</summary>
    internal int ExitCode { get; } = exitCode;
}
