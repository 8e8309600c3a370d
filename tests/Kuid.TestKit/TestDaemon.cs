using System.Diagnostics;
using System.Globalization;

namespace Kuid.TestKit;

/// <summary>
/// A real kuid-jobd in the foreground on a Unix socket in a temporary folder, started by the launcher as users start it,
/// and killed with the object if it still runs.
/// </summary>
public sealed class TestDaemon : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _logging;
    private readonly System.Text.StringBuilder _log = new();

    private readonly bool _ownsFolder;

    private TestDaemon(TempFolder folder, bool ownsFolder, string address, Process process)
    {
        Folder = folder;
        _ownsFolder = ownsFolder;
        Address = address;
        _process = process;
        _logging = CollectLogAsync();
    }

    /// <summary>Where it listens: a path, or digits for a port.</summary>
    public string Address { get; }

    /// <summary>Its pid: the launcher executes the daemon in its own place.</summary>
    public int Pid => _process.Id;

    /// <summary>A folder that is the test's and the daemon's.</summary>
    public TempFolder Folder { get; }

    /// <summary>Everything it has logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts a daemon and waits until it says that it is ready.</summary>
    /// <param name="options">More words for its command line.</param>
    /// <param name="tcp">Whether to listen on a TCP port instead of a path.</param>
    /// <param name="folder">The folder of a daemon before this one, which stays its owner's; a new one unless given.</param>
    /// <param name="owner">Whose the folder is, for a wrapper that changes the user.</param>
    /// <param name="wrapper">Words in front, such as <c>prlimit --nofile=256</c>; the last of them must execute the daemon.</param>
    public static async Task<TestDaemon> Start(
        IEnumerable<string>? options = null,
        bool tcp = false,
        IReadOnlyList<string>? wrapper = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? owner = null,
        TempFolder? folder = null)
    {
        TestDaemon daemon = await Launch(options, tcp, wrapper, environment, owner, folder);
        try
        {
            await daemon.Ready();
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same without waiting, for tests of what happens to a daemon that is still starting.</summary>
    public static async Task<TestDaemon> Launch(
        IEnumerable<string>? options = null,
        bool tcp = false,
        IReadOnlyList<string>? wrapper = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? owner = null,
        TempFolder? folder = null)
    {
        bool ownsFolder = folder is null;
        folder ??= new TempFolder();
        if (owner is not null)
        {
            await ToolRun.Of("chown", [owner, folder.Path]);
        }

        string address = tcp ? FreePort() : folder["s"];
        string[] words =
        [
            .. wrapper ?? [], Repository.Daemon, address, "--foreground", "--data", folder["data"], .. options ?? [],
        ];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };

        // What the person who runs the tests has set is not what the test means.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("KUID_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return new TestDaemon(folder, ownsFolder, address, Process.Start(start)!);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <param name="limit">When to give up; a minute unless given.</param>
    /// <exception cref="InvalidOperationException">It has ended in place of that.</exception>
    public async Task Ready(TimeSpan? limit = null)
    {
        await Eventually.Holds(
            () => _process.HasExited || Log.Contains("ready, pid", StringComparison.Ordinal), () => $"the daemon is ready; it has logged\n{Log}", limit);
        if (_process.HasExited)
        {
            await _logging;
            throw new InvalidOperationException($"the daemon ended while starting: {Log}");
        }
    }

    /// <summary>A TCP port that is free and stays so until the test takes it.</summary>
    public static string FreePort() => FreePorts.Next().ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs a command through the door.</summary>
    public Task<Reply> Run(string command, ReadOnlyMemory<byte> stdin = default) => SockprocClient.Run(Address, command, stdin);

    /// <summary>A connection to the door.</summary>
    public Task<SockprocClient> Connect() => SockprocClient.Connect(Address);

    /// <summary>Sends the daemon a signal by its number or name, as kill(1) does.</summary>
    public async Task Signal(string signal) => await ToolRun.Of("kill", ["-" + signal, Pid.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExit(TimeSpan? limit = null)
    {
        using var patience = new CancellationTokenSource(limit ?? TimeSpan.FromMinutes(1));
        await _process.WaitForExitAsync(patience.Token);
        await _logging;
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task<int> Stop()
    {
        await Signal("TERM");
        return await WaitForExit();
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public async Task Kill()
    {
        await Signal("KILL");
        await WaitForExit();
    }

    /// <summary>The health probe: a short job, answered within the given time.</summary>
    public async Task<bool> Answers(TimeSpan within)
    {
        try
        {
            Reply reply = await Run("echo up").WaitAsync(within);
            return reply.Text == "up\n";
        }
        catch (Exception e) when (e is TimeoutException or System.Net.Sockets.SocketException or FormatException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        if (_ownsFolder)
        {
            Folder.Dispose();
        }
    }

    private async Task CollectLogAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.AppendLine(line);
            }
        }
    }
}
