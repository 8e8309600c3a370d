namespace Kuid.Cli.Tests.Pipelines;

/// <summary>kuid shell on a terminal, with a history and a configuration of its own.</summary>
internal sealed class ShellTerminal : IAsyncDisposable
{
    private readonly TempFolder? _own;

    private ShellTerminal(Tmux tmux, TempFolder? own) => (Tmux, _own) = (tmux, own);

    /// <summary>The terminal.</summary>
    internal Tmux Tmux { get; }

    /// <summary>The prompt, which has the number of the process that serves it.</summary>
    internal string Prompt { get; private set; } = string.Empty;

    /// <summary>Starts it, and waits for the prompt.</summary>
    /// <param name="state">The folder with the history, where it is to outlast this; null for one that does not.</param>
    internal static async Task<ShellTerminal> Start(string host = "local", TempFolder? state = null, int width = 80)
    {
        Assert.SkipWhen(Tmux.Missing is not null, Tmux.Missing ?? string.Empty);
        TempFolder? own = state is null ? new TempFolder() : null;
        Tmux tmux = await Tmux.Start(
            $"env -u NO_COLOR XDG_STATE_HOME='{(state ?? own)!.Path}' '{KuidCommand.Program}' shell '{host}'", width);
        var shell = new ShellTerminal(tmux, own);
        await shell.Asks();
        return shell;
    }

    /// <summary>Waits for an empty prompt.</summary>
    internal async Task Asks()
    {
        await Tmux.Until(screen => screen.Split('\n')[^1] is ['(', .., '>'], "there is a prompt");
        Prompt = (await Tmux.Screen()).Split('\n')[^1] + " ";
    }

    /// <summary>Waits until what stands at the prompt is this.</summary>
    internal Task Has(string typed) => Tmux.LastLineIs((Prompt + typed).TrimEnd());

    /// <summary>Enters a line, and waits for something to appear below it.</summary>
    internal async Task Enter(string line, string shows)
    {
        await Tmux.Enter(line);
        await Tmux.Shows(shows);
        await Asks();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Tmux.DisposeAsync();
        _own?.Dispose();
    }
}
