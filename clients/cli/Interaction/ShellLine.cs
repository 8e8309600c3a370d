namespace Kuid.Cli.Interaction;

/// <summary>What a line at the prompt is, which its first character says.</summary>
internal abstract record ShellLine
{
    /// <summary>Sorts a line.</summary>
    internal static ShellLine Of(string text)
    {
        string line = text.Trim();
        return line switch
        {
            // With a blank behind them they are the language's: a command that does nothing, and the reversal of a status.
            [':', var next, ..] when !char.IsWhiteSpace(next) => new Colon(line[1..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
            ['!', var next, ..] when !char.IsWhiteSpace(next) => new Program(line[1..]),
            _ => new Pipeline(),
        };
    }

    /// <summary><c>:help ls</c>: something of the shell's own.</summary>
    internal sealed record Colon(IReadOnlyList<string> Words) : ShellLine;

    /// <summary><c>!sh</c>: a program that has the terminal.</summary>
    internal sealed record Program(string Command) : ShellLine;

    /// <summary>A script.</summary>
    internal sealed record Pipeline : ShellLine;
}
