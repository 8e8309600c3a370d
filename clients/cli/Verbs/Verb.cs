using System.CommandLine;

namespace Kuid.Cli.Verbs;

/// <summary>A verb with a line for the list of verbs, and what its own help says beyond that.</summary>
internal sealed class Verb : Command
{
    /// <param name="name">The word.</param>
    /// <param name="summary">The line.</param>
    /// <param name="details">The rest; null when the line says it all.</param>
    internal Verb(string name, string summary, string? details = null)
        : base(name, summary)
    {
        Summary = summary;
        Details = details;
    }

    /// <summary>The line for the list of verbs.</summary>
    internal string Summary { get; }

    /// <summary>What its own help says beyond that.</summary>
    internal string? Details { get; }

    /// <summary>Whether its operands are a command with options of its own.</summary>
    internal bool TakesCommand { get; init; }

    /// <summary>Whether that command is a service's name, and no program of this machine's.</summary>
    internal bool TakesService { get; init; }

    /// <summary>How many operands of its own stand in front of the command.</summary>
    internal int OperandsBeforeCommand { get; init; }

    /// <summary>The option whose value is a script, which takes all that follows as its arguments; null when there is none.</summary>
    internal Option? ScriptOption { get; init; }

    /// <summary>What followed the script.</summary>
    internal IReadOnlyList<string> ScriptArguments { get; set; } = [];

    /// <summary>The words that lead to it: <c>queue set</c>.</summary>
    internal string Path => Parents.OfType<Verb>().FirstOrDefault() is { } group ? $"{group.Path} {Name}" : Name;

    /// <summary>Makes its help the long one.</summary>
    internal void Elaborate() => Description += Details is null ? string.Empty : $"\n\n{Details}";
}
