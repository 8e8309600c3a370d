using Kuid.Cli.Editing;
using Kuid.Sysreq.Pipeline.Commands;

namespace Kuid.Cli.Interaction;

/// <summary>The language of pipelines to the editor of lines.</summary>
/// <param name="session">Whose columns, variables and files are completed.</param>
internal sealed class ShellLanguage(ShellSession session) : ILanguage
{
    /// <inheritdoc/>
    public bool IsComplete(string text) => ShellLine.Of(text) is not ShellLine.Pipeline || Source.IsComplete(text);

    /// <inheritdoc/>
    public Task<Completion?> CompleteAsync(string text, int cursor, CancellationToken cancellation) => Task.FromResult<Completion?>(null);
}
