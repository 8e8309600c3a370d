using System.Text;
using Kuid.Cli.Streams;
using Kuid.Sysreq.Pipeline.Formats;

namespace Kuid.Cli.Editing;

/// <summary>
/// The rows of the terminal that the line being typed occupies. Each change paints them anew in one write; the terminal wraps long
/// lines itself, so that it knows them as one when it is resized or something is copied from it.
/// </summary>
internal sealed class LineScreen
{
    private const int UsualWidth = 80;
    private const int UsualHeight = 24;
    private const string EraseBelow = "\e[J";

    // A resize comes on a thread of its own.
    private readonly Lock _lock = new();
    private (string Prompt, string Continuation, string Text, int Cursor)? _shown;
    private LineLayout? _layout;

    /// <summary>Shows a text in the place of the one before.</summary>
    internal void Show(string prompt, string continuation, string text, int cursor)
    {
        lock (_lock)
        {
            _shown = (prompt, continuation, text, cursor);
            Paint(Home(_layout));
        }
    }

    /// <summary>Shows the same, at the top of an empty screen.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            Paint("\e[H\e[2J");
        }
    }

    /// <summary>Shows the same again, because the terminal has another size or somebody else has written to it.</summary>
    internal void Refresh()
    {
        lock (_lock)
        {
            if (_shown is { } shown && _layout is not null)
            {
                // The terminal has wrapped the line to its new width by now.
                Paint(Home(LineLayout.Of(shown.Prompt, shown.Continuation, shown.Text, shown.Cursor, Size().Width)));
            }
        }
    }

    /// <summary>Leaves the line where it is and goes below it.</summary>
    /// <param name="mark">What is put at its end.</param>
    internal void Leave(string mark = "")
    {
        lock (_lock)
        {
            if (_shown is { } shown)
            {
                Show(shown.Prompt, shown.Continuation, shown.Text + mark, shown.Text.Length + mark.Length);
            }

            Write("\r\n");
            _shown = null;
            _layout = null;
        }
    }

    /// <summary>Writes lines below the line being typed, which appears again beneath them.</summary>
    internal void WriteBelow(string lines)
    {
        lock (_lock)
        {
            (string Prompt, string Continuation, string Text, int Cursor)? shown = _shown;
            Leave();
            Write(lines);
            _shown = shown;
            Paint(string.Empty);
        }
    }

    /// <summary>Rings the bell.</summary>
    internal static void Bell() => Write("\a");

    /// <summary>The columns and rows of the terminal.</summary>
    internal static (int Width, int Height) Size()
    {
        (int columns, int rows) = Descriptor.Size(Descriptor.Stdout);
        return (columns > 0 ? columns : UsualWidth, rows > 0 ? rows : UsualHeight);
    }

    private static void Write(string text) => Descriptor.Write(Descriptor.Stdout, Encoding.UTF8.GetBytes(text));

    private static string Home(LineLayout? layout) => layout is null ? string.Empty : Up(layout.CursorRow) + "\r";

    private static string Up(int rows) => rows > 0 ? $"\e[{rows}A" : string.Empty;

    // What is too long for the screen is shown as far as it fits around the cursor.
    private static LineLayout Fitted(LineLayout layout, int height)
    {
        if (layout.Rows.Count <= height)
        {
            return layout;
        }

        int top = Math.Min(Math.Max(0, layout.CursorRow - (height / 2)), layout.Rows.Count - height);
        LayoutRow[] rows = [.. layout.Rows.Skip(top).Take(height)];
        rows[^1] = rows[^1] with { GoesOn = false };
        return new LineLayout(rows, layout.CursorRow - top, layout.CursorColumn);
    }

    private void Paint(string home)
    {
        if (_shown is not { } shown)
        {
            return;
        }

        (int width, int height) = Size();
        _layout = Fitted(LineLayout.Of(shown.Prompt, shown.Continuation, shown.Text, shown.Cursor, width), height);
        var text = new StringBuilder(home).Append(EraseBelow);
        for (int i = 0; i < _layout.Rows.Count; i++)
        {
            LayoutRow row = _layout.Rows[i];
            text.Append(row.Text);
            if (i < _layout.Rows.Count - 1)
            {
                // A terminal wraps only when the next character comes; where none does, a blank makes it.
                text.Append((row.GoesOn, _layout.Rows[i + 1].Text) switch
                {
                    (true, "") => " \r" + EraseBelow,
                    (true, _) when DisplayWidth.Of(row.Text) == width => string.Empty,
                    _ => "\r\n",
                });
            }
        }

        text.Append('\r').Append(Up(_layout.Rows.Count - 1 - _layout.CursorRow));
        if (_layout.CursorColumn > 0)
        {
            text.Append("\e[").Append(_layout.CursorColumn).Append('C');
        }

        Write(text.ToString());
    }
}
