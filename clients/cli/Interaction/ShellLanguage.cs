using Kuid.Cli.Editing;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Completion;
using Kuid.Sysreq.Remote;

namespace Kuid.Cli.Interaction;

/// <summary>The language of pipelines, and of the shell's own lines, to the editor.</summary>
/// <param name="session">Whose columns, variables and files are completed.</param>
internal sealed class ShellLanguage(ShellSession session) : ILanguage
{
    private const string Help = ":help ";

    /// <inheritdoc/>
    public bool IsComplete(string text) => ShellLine.Of(text) is not ShellLine.Pipeline || Source.IsComplete(text);

    /// <inheritdoc/>
    public async Task<Completion?> CompleteAsync(string text, int cursor, CancellationToken cancellation)
    {
        if (text.StartsWith(':'))
        {
            return CompleteColon(text, cursor);
        }

        // Without a connection nothing is known of the host; the next line connects.
        if (session.Current is not { } current || text.StartsWith('!'))
        {
            return null;
        }

        try
        {
            ScriptCompletion completion = await current.CompleteAsync(text, cursor, cancellation);
            return new Completion(
                completion.Start, cursor, [.. completion.Items.Select(item => new CompletionCandidate(item.Text, item.Name, item.IsWhole))]);
        }
        catch (ConnectionLostException)
        {
            // The next line says so.
            return null;
        }
    }

    private static Completion CompleteColon(string text, int cursor)
    {
        int start = text.StartsWith(Help, StringComparison.Ordinal) && cursor >= Help.Length ? Help.Length : 0;
        IEnumerable<string> words = start > 0 ? CommandTable.All.Select(command => command.Name) : ColonCommands.Names;
        return new Completion(
            start,
            cursor,
            [.. words.Where(word => word.StartsWith(text[start..cursor], StringComparison.Ordinal)).Select(word => new CompletionCandidate(word, word, IsWhole: true))]);
    }
}
