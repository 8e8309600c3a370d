using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>Reads what a process says on standard error, so that it is never held up, and remembers the end of it.</summary>
internal sealed class ErrorTail
{
    private const int MostBytes = 4 * 1024;

    private readonly CancellationTokenSource _over = new();
    private readonly List<byte> _tail = [];
    private readonly Action<string>? _say;
    private readonly Task _reading;

    /// <param name="stderr">Its standard error, borrowed.</param>
    /// <param name="say">Told of each line; null when nobody wants them.</param>
    internal ErrorTail(Descriptor stderr, Action<string>? say = null)
    {
        _say = say;
        _reading = ReadAsync(stderr);
    }

    /// <summary>What it said last, when it has said it all or holds its standard error no longer than a moment.</summary>
    internal async Task<string> TextAsync()
    {
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(1)));
        lock (_tail)
        {
            string text = Encoding.UTF8.GetString([.. _tail]).Trim().ReplaceLineEndings("; ");
            return text.Length == 0 ? "it said nothing" : text;
        }
    }

    /// <summary>Reads no more.</summary>
    internal async Task StopAsync()
    {
        await _over.CancelAsync();
        await _reading;
        _over.Dispose();
    }

    private async Task ReadAsync(Descriptor stderr)
    {
        byte[] buffer = new byte[MostBytes];
        var line = new StringBuilder();
        try
        {
            int n;
            while ((n = await stderr.ReadAsync(buffer, _over.Token)) > 0)
            {
                lock (_tail)
                {
                    _tail.AddRange(buffer.AsSpan(0, n));
                    _tail.RemoveRange(0, Math.Max(0, _tail.Count - MostBytes));
                }

                SayLines(line, Encoding.UTF8.GetString(buffer, 0, n));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NativeException or ObjectDisposedException)
        {
            // The process has been ended.
        }

        SayLines(line, "\n");
    }

    private void SayLines(StringBuilder line, string text)
    {
        if (_say is null)
        {
            return;
        }

        foreach (char c in text)
        {
            if (c != '\n' && line.Length < MostBytes)
            {
                line.Append(char.IsControl(c) ? '\uFFFD' : c);
            }
            else if (c == '\n' && line.Length > 0)
            {
                _say(line.ToString());
                line.Clear();
            }
        }
    }
}
