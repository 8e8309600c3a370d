using System.Globalization;
using System.Text;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Printing;

/// <summary>
/// How far a wait for some jobs has come, in one line of a terminal on standard error that is written again and again, and is gone at the
/// end. Elsewhere nothing at all. It changes no mode of the terminal and leaves the cursor alone, so a signal that ends kuid leaves
/// nothing to put right; Spectre's own display hides the cursor.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    /// <summary>Goes to the beginning of the line and empties it.</summary>
    internal const string Empty = "\r\e[K";

    private const int BarWidth = 24;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static ProgressLine? _shown;

    private readonly Lock _lock = new();
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly int _total;
    private readonly Timer? _clock;
    private int _ended;
    private int _unwell;
    private bool _isOver;

    private ProgressLine(int total, bool visible)
    {
        _total = total;
        if (visible)
        {
            _shown = this;
            _clock = new Timer(_ => Write(), state: null, Period, Period);
        }
    }

    /// <summary>What a sentence on standard error begins with, so that it does not stand behind the progress.</summary>
    internal static string Prelude => _shown is null ? string.Empty : Empty;

    /// <summary>Begins; the line appears when it takes longer than a second, or with the first job that ends.</summary>
    /// <param name="total">How many jobs are waited for.</param>
    internal static ProgressLine Start(int total) => new(
        total, Descriptor.IsTerminal(Descriptor.Stderr) && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb");

    /// <summary>One more has ended.</summary>
    internal void Ended(bool well)
    {
        lock (_lock)
        {
            _ended++;
            _unwell += well ? 0 : 1;
        }

        Write();
    }

    /// <summary>So many have ended.</summary>
    internal void Set(int ended, int unwell)
    {
        lock (_lock)
        {
            (_ended, _unwell) = (ended, unwell);
        }

        Write();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        if (_clock is not null)
        {
            _shown = null;
            _clock.Dispose();
            Descriptor.Write(Descriptor.Stderr, Encoding.UTF8.GetBytes(Empty));
        }
    }

    /// <summary>The line for a width, without its end.</summary>
    internal static string Text(int total, int ended, int unwell, double seconds, int width)
    {
        int filled = total == 0 ? BarWidth : (int)((long)BarWidth * ended / total);
        string failed = unwell == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", {unwell} without success");
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {ended} of {total} ended{failed}, {Humane.Duration(Math.Floor(seconds))}");
        return text.Length < width ? text : text[..Math.Max(0, width - 1)];
    }

    private void Write()
    {
        lock (_lock)
        {
            if (_clock is null || _isOver)
            {
                return;
            }

            int width = Descriptor.Columns(Descriptor.Stderr) is > 0 and int columns ? columns : 80;
            string line = Text(_total, _ended, _unwell, TimeProvider.System.GetElapsedTime(_start).TotalSeconds, width);
            Descriptor.Write(Descriptor.Stderr, Encoding.UTF8.GetBytes(Empty + line));
        }
    }
}
