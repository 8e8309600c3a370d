using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary>
/// <c>kuid ps -w</c> on a terminal: the list, always as it is now. An event, a key, another size of the window and the clock all wake the
/// one loop that asks and paints; the list is asked for after events only, and not more often than somebody can read.
/// </summary>
/// <param name="daemon">The daemon.</param>
/// <param name="filter">Which jobs.</param>
/// <param name="most">How many at most.</param>
internal sealed class LiveJobs(DaemonClient daemon, JobFilter filter, int most)
{
    // Lines that no row of a job takes: the title and the names of the columns.
    private const int LinesAbove = 2;
    private const int WidestTable = 1000;
    private const byte CtrlC = 3;
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Channel<Wake> _wakes = Channel.CreateUnbounded<Wake>();
    private volatile bool _isStale = true;

    private enum Wake
    {
        Look,
        Leave,
        Interrupt,
    }

    /// <summary>Stays until <c>q</c> or Ctrl-C.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> StayAsync(CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using RawTerminal? keys = Descriptor.IsTerminal(Descriptor.Stdin) ? new RawTerminal(keepsOutput: true) : null;
        using var screen = new LiveScreen();
        PosixSignal[] ends = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        PosixSignalRegistration[] signals =
        [
            .. ends.Select(signal => PosixSignalRegistration.Create(signal, Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, Resized),
        ];
        try
        {
            _ = WatchAsync(over.Token);
            _ = keys is null ? Task.CompletedTask : Task.Run(ReadKeys, CancellationToken.None);
            return await ShowAsync(screen, over.Token);
        }
        finally
        {
            await over.CancelAsync();
            Array.ForEach(signals, signal => signal.Dispose());
        }
    }

    private void Interrupted(PosixSignalContext context)
    {
        context.Cancel = true;
        _wakes.Writer.TryWrite(Wake.Interrupt);
    }

    // A higher window has room for more jobs.
    private void Resized(PosixSignalContext context)
    {
        _isStale = true;
        _wakes.Writer.TryWrite(Wake.Look);
    }

    private void ReadKeys()
    {
        Span<byte> keys = stackalloc byte[64];
        int n;
        while ((n = Descriptor.Read(Descriptor.Stdin, keys)) > 0)
        {
            Wake? wake = keys[..n].Contains(CtrlC) ? Wake.Interrupt : keys[..n].Contains((byte)'q') ? Wake.Leave : null;
            _ = wake is { } meant && _wakes.Writer.TryWrite(meant);
        }
    }

    private async Task WatchAsync(CancellationToken cancellation)
    {
        try
        {
            await foreach (SseItem<string> change in daemon.FollowEventsAsync(cancellation))
            {
                if (change.EventType != "ping" && !_isStale)
                {
                    _isStale = true;
                    _wakes.Writer.TryWrite(Wake.Look);
                }
            }
        }
        catch (FailureException e)
        {
            // Told when the screen is the shell's again.
            _wakes.Writer.TryComplete(e);
        }
    }

    private async Task<int> ShowAsync(LiveScreen screen, CancellationToken cancellation)
    {
        List<Job> jobs = [];
        bool more = false;
        while (true)
        {
            if (_isStale)
            {
                _isStale = false;
                (jobs, more) = await Ps.ReadAsync(daemon, filter, Math.Min(most, Math.Max(1, LiveScreen.Size.Height - LinesAbove)), cancellation);
            }

            screen.Show(Page(jobs, more));
            switch (await NextAsync(cancellation))
            {
                case Wake.Leave:
                    return ExitCode.Ok;
                case Wake.Interrupt:
                    return ExitCode.Interrupted;
                default:
                    break;
            }
        }
    }

    // What comes together is one reason to look, and the clock is one too.
    private async Task<Wake> NextAsync(CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan longest = Longest;
        while (longest - TimeProvider.System.GetElapsedTime(start) is var rest && rest > TimeSpan.Zero)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(rest);
            try
            {
                Wake wake = await _wakes.Reader.ReadAsync(patience.Token);
                if (wake != Wake.Look)
                {
                    return wake;
                }

                longest = Shortest;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (ChannelClosedException e) when (e.InnerException is FailureException failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }
        }

        return Wake.Look;
    }

    private static IEnumerable<string> Page(List<Job> jobs, bool more)
    {
        string count = jobs.Count == 1 ? "1 job" : $"{jobs.Count}{(more ? " newest" : string.Empty)} jobs";
        string table = JobListing.Listing.Render(
            [.. jobs.Select(job => job.Document)], new TerminalTable(WidestTable, TerminalTable.WantsColours));
        return [string.Create(CultureInfo.InvariantCulture, $"{count}, {Humane.Time(TimeProvider.System.GetUtcNow())}; q or Ctrl-C ends"), .. table.TrimEnd('\n').Split('\n')];
    }
}
