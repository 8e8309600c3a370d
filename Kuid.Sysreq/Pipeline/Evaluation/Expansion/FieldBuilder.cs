namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>Makes fields of the expanded pieces of a word: splits what came from an unquoted expansion, as POSIX says.</summary>
/// <remarks>
/// White space of IFS around and between fields is one separator however long it is; every other character of IFS separates on its
/// own, with the white space beside it. Literal text and quoted text are never split, and a quoted piece makes a field even when it
/// is empty.
/// </remarks>
internal sealed class FieldBuilder
{
    private readonly string _separators;
    private readonly bool _splits;
    private readonly List<Field> _done = [];
    private Field? _current;
    private bool _endedByWhiteSpace;

    private FieldBuilder(string separators, bool splits) => (_separators, _splits) = (separators, splits);

    /// <summary>One that splits at these characters.</summary>
    public static FieldBuilder Splitting(string separators) => new(separators, splits: true);

    /// <summary>One that makes one field of everything.</summary>
    public static FieldBuilder Joining() => new("", splits: false);

    /// <summary>Whether it splits at all.</summary>
    public bool Splits => _splits;

    /// <summary>The fields.</summary>
    public List<Field> ToFields()
    {
        End();
        return _done;
    }

    /// <summary>All as one field, also when there is none.</summary>
    public Field ToField() => _current ?? new Field();

    /// <summary>Adds text of the script itself, unquoted.</summary>
    public void AddLiteral(string text) => Append(text, isQuoted: false);

    /// <summary>Adds text that stood in quotes, and be it empty.</summary>
    public void AddQuoted(string text) => Append(text, isQuoted: true);

    /// <summary>Adds what an unquoted expansion gave.</summary>
    public void AddExpansion(string text)
    {
        if (!_splits)
        {
            if (text.Length > 0)
            {
                Append(text, isQuoted: false);
            }

            return;
        }

        int start = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (!_separators.Contains(text[at]))
            {
                continue;
            }

            if (at > start)
            {
                Append(text[start..at], isQuoted: false);
            }

            Separate(text[at]);
            start = at + 1;
        }

        if (start < text.Length)
        {
            Append(text[start..], isQuoted: false);
        }
    }

    /// <summary>Ends a field between two arguments of <c>$@</c>; in a word that is not split it is a blank.</summary>
    public void AddBreak()
    {
        if (_splits)
        {
            End();
        }
        else
        {
            Append(" ", isQuoted: true);
        }
    }

    private void Separate(char separator)
    {
        if (separator is ' ' or '\t' or '\n')
        {
            if (_current is not null)
            {
                End();
                _endedByWhiteSpace = true;
            }
        }
        else if (_endedByWhiteSpace)
        {
            _endedByWhiteSpace = false;
        }
        else
        {
            _current ??= new Field();
            End();
        }
    }

    private void Append(string text, bool isQuoted)
    {
        _endedByWhiteSpace = false;
        (_current ??= new Field()).Add(text, isQuoted);
    }

    private void End()
    {
        if (_current is { } field)
        {
            _done.Add(field);
            _current = null;
        }
    }
}
