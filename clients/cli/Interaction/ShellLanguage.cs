using Kuid.Cli.Editing;

namespace Kuid.Cli.Interaction;

/// <summary>The language of pipelines to the editor of lines.</summary>
internal sealed class ShellLanguage : ILanguage
{
    /// <inheritdoc/>
    public bool IsComplete(string text) => ShellLine.Of(text) is not ShellLine.Pipeline || Source.IsComplete(text);

    /// <inheritdoc/>
    public Task<Completion?> CompleteAsync(string text, int cursor, CancellationToken cancellation) => Task.FromResult<Completion?>(null);
}
