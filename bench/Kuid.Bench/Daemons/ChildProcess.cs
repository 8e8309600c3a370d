using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Kuid.Bench.Daemons;

/// <summary>A server that runs beside the bench and ends with this object.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Term = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // What systemd gives to services: a program that is named is looked for in each folder, and those of a person are not what is measured.
    private const string ServicePath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private readonly Process _process;
    private readonly string _log;

    private ChildProcess(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    /// <summary>Its pid.</summary>
    internal int Pid => _process.Id;

    /// <summary>Starts it. A shell sends what it writes to a file, so that nobody has to read along, and then executes it in its own place.</summary>
    internal static ChildProcess Start(string log, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", log, .. command]);

        // What the person who measures has set for a daemon is not what a case means.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("KUID_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["PATH"] = ServicePath;
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start)!, log);
    }

    /// <summary>Waits until it answers.</summary>
    /// <exception cref="CaseFailedException">It ended in place of that, or took too long.</exception>
    internal async Task ReadyAsync(Func<Task<bool>> answers, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        while (!await answers())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > Patience)
            {
                throw new CaseFailedException($"{Path.GetFileName(_log)} does not answer: {LastLine()}");
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Ends it: when asked, when asked again (which skips a daemon's grace for its jobs), or by force.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!await EndsAsync(Grace) && !await EndsAsync(Patience))
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<bool> EndsAsync(TimeSpan patience)
    {
        if (!_process.HasExited)
        {
            _ = Kill(_process.Id, Term);
        }

        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private string LastLine() => File.Exists(_log) ? File.ReadLines(_log).LastOrDefault() ?? "it said nothing" : "it said nothing";

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
