using System.Buffers;
using System.Text;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// A place in a text and the characters from there. The text is the source itself, a stretch of it, or what backticks or
/// <c>&lt;&lt;-</c> have made of one; then each character knows where in the source it comes from.
/// </summary>
/// <remarks>
/// Lines and columns are counted while going on, so that a place costs nothing to ask for and a line of a million characters is still
/// read in linear time.
/// </remarks>
internal sealed class Scanner
{
    /// <summary>What <see cref="Current"/> is at the end: no source contains it.</summary>
    internal const char None = '\0';

    private readonly string _text;
    private readonly int _end;
    private readonly SourcePosition[]? _origins;
    private int _offset;
    private SourcePosition _position;

    /// <summary>The whole of a source.</summary>
    internal Scanner(string source)
        : this(source, 0, source.Length, SourcePosition.Start) => EndsWithSource = true;

    /// <summary>A text that was made from the source.</summary>
    /// <param name="origins">Where each character comes from, and the end.</param>
    internal Scanner(string text, SourcePosition[] origins)
        : this(text, 0, text.Length, origins[0]) => _origins = origins;

    private Scanner(string text, int offset, int end, SourcePosition position) =>
        (_text, _offset, _end, _position) = (text, offset, end, position);

    /// <summary>Whether its end is the source's, where more lines could follow.</summary>
    internal bool EndsWithSource { get; }

    internal bool AtEnd => _offset >= _end;

    internal char Current => _offset < _end ? _text[_offset] : None;

    internal char Next => Ahead(1);

    /// <summary>Where it is, in the source.</summary>
    internal SourcePosition Position => _position;

    /// <summary>What is not read yet.</summary>
    internal ReadOnlySpan<char> Rest => _text.AsSpan(_offset, _end - _offset);

    /// <summary>The next character, which may be two units.</summary>
    internal string Character => Rest[..(Rune.DecodeFromUtf16(Rest, out _, out int units) == OperationStatus.Done ? units : Math.Min(1, Rest.Length))]
        .ToString();

    internal char Ahead(int count) => _offset + count < _end ? _text[_offset + count] : None;

    internal bool StartsWith(string text) => Rest.StartsWith(text, StringComparison.Ordinal);

    /// <summary>Goes on by so many characters.</summary>
    internal void Advance(int count = 1)
    {
        int to = Math.Min(_offset + count, _end);
        if (_origins is not null)
        {
            _offset = to;
            _position = _origins[to];
            return;
        }

        (int offset, int line, int column) = (_position.Offset + to - _offset, _position.Line, _position.Column);
        for (; _offset < to; _offset++)
        {
            if (_text[_offset] == '\n')
            {
                (line, column) = (line + 1, 1);
            }
            else if (!(char.IsHighSurrogate(_text[_offset]) && _offset + 1 < _end && char.IsLowSurrogate(_text[_offset + 1])))
            {
                column++;
            }
        }

        _position = new SourcePosition(offset, line, column);
    }

    /// <summary>Goes on by this text if it comes next.</summary>
    internal bool TryTake(string text)
    {
        if (!StartsWith(text))
        {
            return false;
        }

        Advance(text.Length);
        return true;
    }

    /// <summary>The next characters as a scanner of their own, which this one goes past.</summary>
    internal Scanner TakeStretch(int count)
    {
        var stretch = _origins is null
            ? new Scanner(_text, _offset, _offset + count, _position)
            : new Scanner(_text.Substring(_offset, count), _origins[_offset..(_offset + count + 1)]);
        Advance(count);
        return stretch;
    }

    /// <summary>Where it is, to come back to by <see cref="Return"/>.</summary>
    internal (int Offset, SourcePosition Position) Mark() => (_offset, _position);

    internal void Return((int Offset, SourcePosition Position) mark) => (_offset, _position) = mark;
}
