using System.Runtime.InteropServices;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Editing;

/// <summary>What the editor asks of whoever knows the language.</summary>
internal interface ILanguage
{
    /// <summary>Whether Enter ends the text; else another line belongs to it.</summary>
    bool IsComplete(string text);

    /// <summary>What can stand where the cursor is.</summary>
    Task<Completion?> CompleteAsync(string text, int cursor, CancellationToken cancellation);
}

/// <summary>
/// Reads a line, or several that belong together, from a terminal: with the keys of emacs and readline, a history and completion.
/// The terminal is raw only while a line is read; whatever runs between has it as it was.
/// </summary>
/// <param name="language">What is typed.</param>
/// <param name="history">What was typed before.</param>
internal sealed class LineEditor(ILanguage language, History history)
{
    private const string Continuation = "> ";
    private const int MostBytesAtOnce = 4096;

    private readonly KeyDecoder _decoder = new();
    private readonly LinkedList<Key> _keys = [];
    private readonly LineScreen _screen = new();
    private readonly EditBuffer _buffer = new();

    // Between these marks the terminal sends what is pasted, so that a pasted line end is none that was typed.
    private static ReadOnlySpan<byte> PasteOn => "\e[?2004h"u8;

    private static ReadOnlySpan<byte> PasteOff => "\e[?2004l"u8;

    /// <summary>Reads a text.</summary>
    /// <returns>The text, empty when it was given up by Ctrl-C; null at the end, which is Ctrl-D on an empty line.</returns>
    internal async Task<string?> ReadAsync(string prompt, CancellationToken cancellation)
    {
        _buffer.Set(string.Empty);
        history.BeginLine();
        using var terminal = new RawTerminal(keepsOutput: true);
        using PosixSignalRegistration resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _screen.Refresh());
        using PosixSignalRegistration resumed = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _screen.Refresh());
        Descriptor.Write(Descriptor.Stdout, PasteOn);
        try
        {
            while (true)
            {
                _screen.Show(prompt, Continuation, _buffer.Text, _buffer.Cursor);
                switch (await NextAsync())
                {
                    case { Code: KeyCode.DeleteRightOrEnd } when _buffer.Text.Length == 0:
                    case null:
                        // Where the terminal has gone in the middle of a line, half a command is none.
                        _screen.Leave();
                        return null;
                    case { Code: KeyCode.Interrupt }:
                        _screen.Leave("^C");
                        return string.Empty;
                    case { Code: KeyCode.Enter }:
                        if (language.IsComplete(_buffer.Text))
                        {
                            _screen.Leave();
                            return _buffer.Text;
                        }

                        _buffer.Set(_buffer.Text + "\n");
                        break;
                    case { Code: KeyCode.SearchHistory }:
                        await new HistorySearch(history, _screen, _buffer).RunAsync(NextAsync, key => _keys.AddFirst(key));
                        break;
                    case { Code: KeyCode.Tab }:
                        await CompleteAsync(cancellation);
                        break;
                    case { } key:
                        Press(key);
                        break;
                }
            }
        }
        finally
        {
            Descriptor.Write(Descriptor.Stdout, PasteOff);
        }
    }

    private void Press(Key key)
    {
        Action? act = key.Code switch
        {
            KeyCode.Text => () => _buffer.Insert(key.Text),
            KeyCode.Left => _buffer.MoveLeft,
            KeyCode.Right => _buffer.MoveRight,
            KeyCode.WordLeft => _buffer.MoveWordLeft,
            KeyCode.WordRight => _buffer.MoveWordRight,
            KeyCode.LineStart => _buffer.MoveToLineStart,
            KeyCode.LineEnd => _buffer.MoveToLineEnd,
            KeyCode.Up => () => Browse(-1, _buffer.MoveUp()),
            KeyCode.Down => () => Browse(1, _buffer.MoveDown()),
            KeyCode.PreviousInHistory => () => Browse(-1, hasMoved: false),
            KeyCode.NextInHistory => () => Browse(1, hasMoved: false),
            KeyCode.DeleteLeft => _buffer.DeleteLeft,
            KeyCode.DeleteRight or KeyCode.DeleteRightOrEnd => _buffer.DeleteRight,
            KeyCode.KillToLineEnd => _buffer.KillToLineEnd,
            KeyCode.KillToLineStart => _buffer.KillToLineStart,
            KeyCode.KillBlankWordLeft => _buffer.KillBlankWordLeft,
            KeyCode.KillWordLeft => _buffer.KillWordLeft,
            KeyCode.KillWordRight => _buffer.KillWordRight,
            KeyCode.Yank => _buffer.Yank,
            KeyCode.Transpose => _buffer.Transpose,
            KeyCode.ClearScreen => _screen.Clear,
            _ => null,
        };
        act?.Invoke();
    }

    // Within a text of several lines the arrows are about its lines first.
    private void Browse(int by, bool hasMoved)
    {
        if (!hasMoved && history.Move(by, _buffer.Text) is { } text)
        {
            _buffer.Set(text);
        }
    }

    private async Task CompleteAsync(CancellationToken cancellation)
    {
        Completion? completion = await language.CompleteAsync(_buffer.Text, _buffer.Cursor, cancellation);
        if (completion is null or { Candidates: [] })
        {
            LineScreen.Bell();
            return;
        }

        if (completion.Candidates is [var only])
        {
            _buffer.Replace(completion.Start, completion.End, only.IsWhole ? only.Text + " " : only.Text);
            return;
        }

        string common = CommonPrefix([.. completion.Candidates.Select(candidate => candidate.Text)]);
        if (common.Length > completion.End - completion.Start)
        {
            _buffer.Replace(completion.Start, completion.End, common);
        }
        else
        {
            _screen.WriteBelow(CandidateList.Render([.. completion.Candidates.Select(candidate => Visible.Of(candidate.Shown))], LineScreen.Size().Width));
        }
    }

    private static string CommonPrefix(IReadOnlyList<string> texts)
    {
        string common = texts[0];
        foreach (string text in texts)
        {
            common = common[..common.AsSpan().CommonPrefixLength(text)];
        }

        return char.IsHighSurrogate(common.LastOrDefault()) ? common[..^1] : common;
    }

    // What was typed ahead of the end of a line is the beginning of the next.
    private async Task<Key?> NextAsync()
    {
        byte[] bytes = new byte[MostBytesAtOnce];
        while (_keys.Count == 0)
        {
            int n = await Task.Run(() => Descriptor.Read(Descriptor.Stdin, bytes));
            if (n == 0)
            {
                return null;
            }

            foreach (Key key in _decoder.Decode(bytes.AsSpan(0, n)))
            {
                _keys.AddLast(key);
            }
        }

        Key first = _keys.First!.Value;
        _keys.RemoveFirst();
        return first;
    }
}
