using System.Text;

namespace Kuid.Jobd.Core.Coprocess;

/// <summary>
/// Reads what <c>set</c> prints: a variable a line, <c>NAME=WORD</c>, the word quoted so that a shell could read it again. dash and ash
/// quote with <c>'...'"'"'...'</c>, bash with <c>\'</c> and <c>$'...'</c>, and an array is <c>([KEY]="VALUE" ...)</c>.
/// </summary>
/// <param name="listing">The bytes.</param>
internal ref struct VariableListing(ReadOnlySpan<byte> listing)
{
    private ReadOnlySpan<byte> _rest = listing;

    /// <summary>The name that was read last.</summary>
    internal string Name { get; private set; } = string.Empty;

    /// <summary>Its value, for what is no array.</summary>
    internal byte[] Value { get; private set; } = [];

    /// <summary>Its elements by index or key, in the order of the listing; null for what is no array.</summary>
    internal List<(byte[] Key, byte[] Value)>? Elements { get; private set; }

    /// <summary>Goes to the next variable.</summary>
    internal bool Next()
    {
        while (!_rest.IsEmpty)
        {
            int end = _rest.IndexOfAny((byte)'=', (byte)'\n');
            if (end <= 0 || _rest[end] != '=')
            {
                _rest = end < 0 ? [] : _rest[(end + 1)..];
                continue;
            }

            Name = Encoding.UTF8.GetString(_rest[..end]);
            _rest = _rest[(end + 1)..];
            Elements = _rest.StartsWith("("u8) ? ReadElements() : null;
            Value = Elements is null ? ReadWord("\n"u8) : [];
            return true;
        }

        return false;
    }

    private List<(byte[] Key, byte[] Value)> ReadElements()
    {
        var elements = new List<(byte[] Key, byte[] Value)>();
        Skip(1);
        while (!_rest.IsEmpty && _rest[0] != ')')
        {
            if (_rest[0] != '[')
            {
                Skip(1);
                continue;
            }

            Skip(1);
            byte[] key = ReadWord("]"u8);
            Skip("]=".Length);
            elements.Add((key, ReadWord(" )"u8)));
        }

        return elements;
    }

    /// <summary>Reads up to one of some bytes that is not quoted, and leaves it.</summary>
    private byte[] ReadWord(ReadOnlySpan<byte> ends)
    {
        var word = new List<byte>();
        while (!_rest.IsEmpty && !ends.Contains(_rest[0]))
        {
            if (_rest.StartsWith("$'"u8))
            {
                Skip(2);
                ReadEscaped(word);
            }
            else if (_rest[0] == '\'')
            {
                int end = _rest[1..].IndexOf((byte)'\'');
                word.AddRange(_rest.Slice(1, end < 0 ? _rest.Length - 1 : end));
                Skip(end < 0 ? _rest.Length : end + 2);
            }
            else if (_rest[0] == '"')
            {
                Skip(1);
                ReadDoubleQuoted(word);
            }
            else
            {
                Skip(_rest[0] == '\\' ? 1 : 0);
                Take(word);
            }
        }

        return [.. word];
    }

    private void ReadDoubleQuoted(List<byte> word)
    {
        while (!_rest.IsEmpty && _rest[0] != '"')
        {
            if (_rest[0] == '\\' && _rest.Length > 1 && "$`\"\\\n"u8.Contains(_rest[1]))
            {
                Skip(1);
            }

            Take(word);
        }

        Skip(1);
    }

    /// <summary>What follows <c>$'</c> (bash(1), QUOTING), as far as bash itself writes it.</summary>
    private void ReadEscaped(List<byte> word)
    {
        while (!_rest.IsEmpty && _rest[0] != '\'')
        {
            if (_rest[0] != '\\' || _rest.Length < 2)
            {
                Take(word);
                continue;
            }

            Skip(1);
            int digits = 0;
            while (digits < 3 && digits < _rest.Length && _rest[digits] is >= (byte)'0' and <= (byte)'7')
            {
                digits++;
            }

            if (digits > 0)
            {
                word.Add((byte)Convert.ToInt32(Encoding.ASCII.GetString(_rest[..digits]), 8));
                Skip(digits);
                continue;
            }

            word.Add(_rest[0] switch
            {
                (byte)'a' => 7,
                (byte)'b' => 8,
                (byte)'t' => 9,
                (byte)'n' => 10,
                (byte)'v' => 11,
                (byte)'f' => 12,
                (byte)'r' => 13,
                (byte)'e' or (byte)'E' => 27,
                var other => other,
            });
            Skip(1);
        }

        Skip(1);
    }

    private void Take(List<byte> word)
    {
        if (!_rest.IsEmpty)
        {
            word.Add(_rest[0]);
            Skip(1);
        }
    }

    private void Skip(int bytes) => _rest = _rest[Math.Min(bytes, _rest.Length)..];
}
