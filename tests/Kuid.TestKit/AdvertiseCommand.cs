using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Kuid.TestKit;

/// <summary><c>bin/kuid advertise</c> with a services file of the test's, killed with the object if it still runs.</summary>
public sealed class AdvertiseCommand : IAsyncDisposable
{
    private readonly StringBuilder _talk = new();
    private readonly Process _process;
    private readonly string _file;
    private readonly Task _listening;
    private bool _disposed;

    private AdvertiseCommand(string file, Process process)
    {
        (_file, _process) = (file, process);
        _listening = ListenAsync();
    }

    /// <summary>Its pid.</summary>
    public int Pid => _process.Id;

    /// <summary>What it has said so far.</summary>
    public string Talk
    {
        get
        {
            lock (_talk)
            {
                return _talk.ToString();
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where its file goes.</param>
    /// <param name="registry">The registry's path.</param>
    /// <param name="services">The text of its file.</param>
    /// <param name="start">Its <c>--start</c>.</param>
    /// <param name="user">The number of the user and group that it runs as; this one's unless given. Only root may say that.</param>
    public static AdvertiseCommand Start(TempFolder folder, string registry, string services, string? start = null, int? user = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string file = folder[string.Create(CultureInfo.InvariantCulture, $"services-{Guid.NewGuid():N}.conf")];
        File.WriteAllText(file, services);
        string[] words =
        [
            // What runs the tests may have SIGINT ignored.
            "env", "--default-signal=INT,TERM,HUP", $"HOME={folder.Path}",
            .. user is { } id ? AsUser(id) : [],
            Repository.File("bin/kuid"), "advertise", "--registry", registry, "--config", file, .. start is null ? [] : (string[])["--start", start],
        ];
        var info = new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardError = true, WorkingDirectory = folder.Path };
        foreach (string name in info.Environment.Keys.Where(name => name.StartsWith("KUID_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        return new AdvertiseCommand(file, Process.Start(info)!);
    }

    /// <summary>The words in front of a command that has it run as another user.</summary>
    public static string[] AsUser(int user)
    {
        string id = user.ToString(CultureInfo.InvariantCulture);
        return ["setpriv", "--reuid", id, "--regid", id, "--clear-groups"];
    }

    /// <summary>Writes a program that a services file can name, for everybody to execute.</summary>
    /// <returns>Its path.</returns>
    public static string Program(TempFolder folder, string name, string script)
    {
        ArgumentNullException.ThrowIfNull(folder);
        File.WriteAllText(folder[name], script);
        File.SetUnixFileMode(folder[name], (UnixFileMode)0b111_101_101);
        return folder[name];
    }

    /// <summary>Waits until it has said something.</summary>
    public Task Says(string text) =>
        Eventually.Holds(() => Talk.Contains(text, StringComparison.Ordinal), () => $"kuid advertise says \"{text}\"; it said\n{Talk}");

    /// <summary>Gives its file another text; SIGHUP has it read.</summary>
    public void Write(string services) => File.WriteAllText(_file, services);

    /// <summary>Sends it a signal, as kill(1) does.</summary>
    public async Task Signal(string signal) => await ToolRun.Of("kill", ["-" + signal, Pid.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExit()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(patience.Token);
        await _listening;
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_talk)
            {
                _talk.AppendLine(line);
            }
        }
    }
}
