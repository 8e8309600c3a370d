namespace Kuid.Daemon.Tests;

/// <summary>A daemon in the foreground with a configuration file that the test rewrites.</summary>
internal sealed class ConfiguredDaemon : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private int _reloads;

    internal TestDaemon Daemon { get; private set; } = null!;

    internal string File => _folder["c"];

    internal async Task Start(string text)
    {
        await System.IO.File.WriteAllTextAsync(File, text);
        Daemon = await TestDaemon.Start(["--config", File]);
    }

    internal Task<Reply> Run(string command, ReadOnlyMemory<byte> stdin = default) => Daemon.Run(command, stdin);

    /// <summary>Writes the file and sends SIGHUP; returns when the daemon has taken it over.</summary>
    internal async Task Reload(string text)
    {
        _reloads++;
        await Hup(text, "SIGHUP: configuration read again", _reloads);
    }

    /// <summary>Writes the file and sends SIGHUP; returns when the log has the line so many times.</summary>
    internal async Task Hup(string text, string line, int times = 1)
    {
        await System.IO.File.WriteAllTextAsync(File, text);
        await Daemon.Signal("HUP");
        await Eventually.Holds(() => Daemon.Log.Split(line).Length > times, $"the log says \"{line}\"");
    }

    public async ValueTask DisposeAsync()
    {
        if (Daemon is not null)
        {
            await Daemon.DisposeAsync();
        }

        _folder.Dispose();
    }
}
