using System.Text;
using Kuid.Cli.Streams;
using Spectre.Console;

namespace Kuid.Cli.Printing;

/// <summary>
/// A page on a terminal that is written again in its place. It is on the terminal's other screen, so that what was there comes back when
/// it goes; the cursor is hidden meanwhile. Whoever opens it must see to it that it is disposed, whatever ends kuid.
/// </summary>
internal sealed class LiveScreen : IDisposable
{
    private const string Open = "\e[?1049h\e[?25l";
    private const string Close = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string EraseLine = "\e[K";
    private const string EraseBelow = "\e[J";
    private const int UsualWidth = 80;
    private const int UsualHeight = 24;

    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>Takes the screen.</summary>
    internal LiveScreen() => Write(Open);

    /// <summary>Its columns and rows.</summary>
    internal static (int Width, int Height) Size => Descriptor.Size(Descriptor.Stdout) is ( > 0, > 0) and var (columns, rows)
        ? (columns, rows)
        : (UsualWidth, UsualHeight);

    /// <summary>Writes the lines that fit, each cut at the right edge.</summary>
    internal void Show(IEnumerable<string> lines)
    {
        (int width, int height) = Size;
        string page = string.Join("\r\n", lines.Take(height).Select(line => Cut(line, width) + EraseLine));
        lock (_lock)
        {
            if (!_isOver)
            {
                Write(Home + page + EraseBelow);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _isOver = true;
                Write(Close);
            }
        }
    }

    /// <summary>The beginning of a line that fits, with all its control sequences.</summary>
    internal static string Cut(string line, int width)
    {
        var cut = new StringBuilder();
        int cells = 0;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\e')
            {
                int end = line.IndexOf('m', i);
                cut.Append(line, i, end - i + 1);
                i = end;
                continue;
            }

            int length = char.IsHighSurrogate(line[i]) && i + 1 < line.Length ? 2 : 1;
            cells += line.Substring(i, length).GetCellWidth();
            if (cells <= width)
            {
                cut.Append(line, i, length);
            }

            i += length - 1;
        }

        return cut.ToString();
    }

    private static void Write(string text) => Descriptor.Write(Descriptor.Stdout, Encoding.UTF8.GetBytes(text));
}
