using System.Globalization;

namespace Kuid.Daemon.Tests;

/// <summary>
/// A kuid-jobd without --foreground in a folder of its own, which is also where it was started from; whatever of it still
/// runs is killed with the object.
/// </summary>
internal sealed class DetachedDaemon : IAsyncDisposable
{
    internal TempFolder Folder { get; } = new();

    internal string Pidfile => Folder["pid"];

    internal string LogFile => Path.Combine(Folder["data"], "jobd.log");

    internal string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : string.Empty;

    /// <summary>The pid in the pidfile.</summary>
    internal int Pid => int.Parse(File.ReadAllText(Pidfile), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The folder's own name, which no other test has.</summary>
    internal string Name => Path.GetFileName(Folder.Path);

    /// <summary>Every process that has the name in its command line: the launcher, the daemon, its jobs.</summary>
    internal IReadOnlyList<int> Processes => ProcessTable.WithCommandLine(Name);

    /// <summary>Starts with the usual words: pidfile and data folder in this folder.</summary>
    internal Task<ToolRun> Start(string address, params string[] options) =>
        Launch([address, Pidfile, "--data", Folder["data"], .. options]);

    /// <summary>
    /// Runs bin/kuid-jobd with just these words until it returns. Its output is read to the end of file, so a daemon that
    /// kept it open would make this time out.
    /// </summary>
    internal Task<ToolRun> Launch(IEnumerable<string> words, IReadOnlyDictionary<string, string?>? environment = null) =>
        ToolRun.Of(Repository.Daemon, words, environment: environment, workingDirectory: Folder.Path);

    /// <summary>SIGTERM to the pid of the pidfile, and waits until nothing of it runs.</summary>
    internal async Task Stop()
    {
        await Signal("TERM", Pid);
        await Gone();
    }

    internal Task Gone() => Eventually.Holds(() => Processes.Count == 0, "nothing of the daemon runs");

    internal static Task<ToolRun> Signal(string signal, params IEnumerable<int> pids) =>
        ToolRun.Of("kill", ["-" + signal, .. pids.Select(pid => pid.ToString(CultureInfo.InvariantCulture))]);

    public async ValueTask DisposeAsync()
    {
        while (Processes is { Count: > 0 } left)
        {
            await Signal("KILL", left);
        }

        Folder.Dispose();
    }
}
