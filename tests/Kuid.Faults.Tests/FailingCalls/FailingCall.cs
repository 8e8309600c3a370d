using System.Diagnostics;
using System.Globalization;

namespace Kuid.Faults.Tests.FailingCalls;

/// <summary>strace attached to a daemon, which makes the Nth call of each thread fail. It owns the strace process.</summary>
/// <remarks>
/// <c>when=N</c> counts for each thread apart, so a round with N fails the Nth call of each thread that makes so many. strace notes
/// each one as <c>(INJECTED)</c>: a round without a note was beyond the end for every thread.
/// </remarks>
internal sealed class FailingCall : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _strace;
    private readonly string _notes;
    private bool _over;

    private FailingCall(Process strace, string notes) => (_strace, _notes) = (strace, notes);

    /// <summary>How many calls failed.</summary>
    internal int Injected => File.Exists(_notes)
        ? File.ReadLines(_notes).Count(line => line.Contains("(INJECTED)", StringComparison.Ordinal))
        : 0;

    /// <summary>Attaches to every thread of a process that is running, and to what they start.</summary>
    /// <param name="calls">The calls with commas between them, as strace has their names.</param>
    /// <param name="error">What they fail with.</param>
    /// <param name="when">Which of them: strace's <c>when=</c>.</param>
    internal static async Task<FailingCall> Attach(int pid, string calls, string error, string when, string notes)
    {
        // A ? before a name: not every architecture has every call.
        string optional = string.Join(',', calls.Split(',').Select(call => "?" + call));
        var strace = Process.Start(new ProcessStartInfo(
            "strace",
            [
                "-f", "-q", "-p", pid.ToString(CultureInfo.InvariantCulture), "-o", notes,
                "-e", "trace=" + optional, "-e", $"inject={optional}:error={error}:when={when}",
            ])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var call = new FailingCall(strace, notes);
        await Eventually.Holds(() => strace.HasExited || AllThreadsAreTraced(pid), "strace is attached");
        Assert.SkipWhen(strace.HasExited && Directory.Exists($"/proc/{pid}"), "processes cannot be traced here");
        return call;
    }

    /// <summary>Lets go of the process, which runs on.</summary>
    internal async Task Detach()
    {
        if (!_over)
        {
            _over = true;
            await ToolRun.Of("kill", ["-INT", _strace.Id.ToString(CultureInfo.InvariantCulture)]);
            using var patience = new CancellationTokenSource(Patience);
            await _strace.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Now and then it forgets a process that another has just made, and waits for ever: that one stands still until its tracer is gone.
            _strace.Kill();
            await _strace.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Detach();
        _strace.Dispose();
    }

    private static bool AllThreadsAreTraced(int pid)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{pid}/task").All(task =>
                File.ReadLines(Path.Combine(task, "status")).First(line => line.StartsWith("TracerPid:", StringComparison.Ordinal)) != "TracerPid:\t0");
        }
        catch (IOException)
        {
            // A thread ended while it was looked at.
            return false;
        }
    }
}
