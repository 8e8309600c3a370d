namespace Kuid.Cli;

/// <summary>The words on the command line make no sense together; which exit code that is depends on the verb.</summary>
/// <param name="message">What is wrong and what is allowed.</param>
internal sealed class UsageException(string message) : FailureException(message, Kuid.Cli.ExitCode.Usage)
{
    /// <summary>The verb, where the words were not even taken apart.</summary>
    internal string? Verb { get; init; }
}
