using System.Globalization;

namespace Kuid.Cli.Tests;

/// <summary>
/// A program on a terminal of its own, which is tmux's: keys go in, and the screen is looked at. A server of its own for each, that
/// reads nobody's configuration.
/// </summary>
internal sealed class Tmux : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private Tmux()
    {
    }

    /// <summary>Why a test that needs it is skipped; null where it is installed.</summary>
    internal static string? Missing { get; } = ToolRun.Exists("tmux") ? null : "tmux is not installed (packages.sh test)";

    /// <summary>Starts a line of sh.</summary>
    internal static async Task<Tmux> Start(string line, int width = 80, int height = 24)
    {
        var tmux = new Tmux();
        await tmux.Do(
            "start-server", ";", "set-option", "-g", "remain-on-exit", "on", ";", "set-option", "-g", "status", "off", ";",
            "new-session", "-d", "-x", Text(width), "-y", Text(height), $"{line}; echo $? > '{tmux._folder["status.new"]}'; mv '{tmux._folder["status.new"]}' '{tmux._folder["status"]}'");
        return tmux;
    }

    /// <summary>Presses keys, by tmux's names for them: <c>C-a</c>, <c>Up</c>, <c>Enter</c>.</summary>
    internal Task Press(params string[] keys) => Do(["send-keys", .. keys]);

    /// <summary>Types characters.</summary>
    internal Task Type(string text) => Do("send-keys", "-l", "--", text);

    /// <summary>Types a line and Enter.</summary>
    internal async Task Enter(string line)
    {
        await Type(line);
        await Press("Enter");
    }

    /// <summary>Pastes as a terminal does, between brackets where the program has asked for them.</summary>
    internal Task Paste(string text) => Do("set-buffer", "--", text, ";", "paste-buffer", "-p");

    /// <summary>Gives the terminal another size.</summary>
    internal Task Resize(int width, int height) => Do("resize-window", "-x", Text(width), "-y", Text(height));

    /// <summary>The lines of the screen, without blanks at their ends and empty lines at its end.</summary>
    internal async Task<string> Screen() => (await Do("capture-pane", "-p")).TrimEnd('\n');

    /// <summary>Waits until the screen is as it should.</summary>
    internal async Task Until(Func<string, bool> holds, string expectation)
    {
        string screen = string.Empty;
        try
        {
            await Eventually.Holds(async () => holds(screen = await Screen()), expectation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; the screen is\n{screen}", e);
        }
    }

    /// <summary>Waits until the screen has a text.</summary>
    internal Task Shows(string text) => Until(screen => (screen + "\n").Contains(text, StringComparison.Ordinal), $"the screen has \"{text}\"");

    /// <summary>Waits until the last line of the screen matches: the prompt and what is typed behind it.</summary>
    internal Task LastLineIs(string line) => Until(screen => screen.Split('\n')[^1] == line, $"the last line is \"{line}\"");

    /// <summary>Where the cursor is: column and row, from 0.</summary>
    internal async Task<(int Column, int Row)> Cursor()
    {
        string[] place = (await Do("display-message", "-p", "#{cursor_x} #{cursor_y}")).Trim().Split(' ');
        return (int.Parse(place[0], CultureInfo.InvariantCulture), int.Parse(place[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Waits for the end of the program.</summary>
    /// <returns>Its exit code. tmux is not asked for it: a server that sees the terminal close before the signal of the end never knows it.</returns>
    internal async Task<int> Ends()
    {
        await Eventually.Holds(() => File.Exists(_folder["status"]), "the program ends");
        return int.Parse(await File.ReadAllTextAsync(_folder["status"]), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ToolRun.Of("tmux", ["-S", _folder["s"], "kill-server"]);
        _folder.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> Do(params string[] words)
    {
        ToolRun run = await ToolRun.Of(
            "tmux",
            ["-u", "-S", _folder["s"], "-f", "/dev/null", .. words],
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["TMUX"] = null, ["TERM"] = "xterm-256color" });
        run.ExitCode.Should().Be(0, run.Stderr);
        return run.Text;
    }
}
