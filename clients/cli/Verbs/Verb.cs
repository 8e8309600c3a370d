using System.CommandLine;

namespace Kuid.Cli.Verbs;

/// <summary>A verb with a line for the list of verbs, and what its own help says beyond that.</summary>
/// <param name="name">The word.</param>
/// <param name="summary">The line.</param>
/// <param name="details">The rest; null when the line says it all.</param>
internal sealed class Verb(string name, string summary, string? details = null) : Command(name, summary)
{
    /// <summary>Whether its operands are a command with options of its own.</summary>
    internal bool TakesCommand { get; init; }

    /// <summary>The option whose value is a script, which takes all that follows as its arguments; null when there is none.</summary>
    internal Option? ScriptOption { get; init; }

    /// <summary>What followed the script.</summary>
    internal IReadOnlyList<string> ScriptArguments { get; set; } = [];

    /// <summary>Makes its help the long one.</summary>
    internal void Elaborate() => Description += details is null ? string.Empty : $"\n\n{details}";
}
