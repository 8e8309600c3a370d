using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Kuid.Cli.Editing;

/// <summary>
/// Bytes of a terminal to keys: UTF-8, control characters as emacs and readline have them, the sequences that the arrows and their
/// neighbours send (ECMA-48, as xterm, the Linux console, screen and tmux write them), and pasted text between its brackets. A
/// sequence may come in pieces; what is not whole yet waits for its rest.
/// </summary>
internal sealed class KeyDecoder
{
    private const byte Escape = 0x1B;
    private const byte Delete = 0x7F;
    private const int LongestSequence = 32;

    private static readonly byte[] PasteEnd = "\e[201~"u8.ToArray();

    // Indexed by the control character: ^A is 1.
    private static readonly KeyCode[] Control =
    [
        KeyCode.Unknown, KeyCode.LineStart, KeyCode.Left, KeyCode.Interrupt, KeyCode.DeleteRightOrEnd, KeyCode.LineEnd, KeyCode.Right,
        KeyCode.Abort, KeyCode.DeleteLeft, KeyCode.Tab, KeyCode.Enter, KeyCode.KillToLineEnd, KeyCode.ClearScreen, KeyCode.Enter,
        KeyCode.NextInHistory, KeyCode.Unknown, KeyCode.PreviousInHistory, KeyCode.Unknown, KeyCode.SearchHistory, KeyCode.Unknown,
        KeyCode.Transpose, KeyCode.KillToLineStart, KeyCode.Unknown, KeyCode.KillBlankWordLeft, KeyCode.Unknown, KeyCode.Yank,
    ];

    private readonly List<byte> _pending = [];

    /// <summary>The keys that these bytes make, with what came before.</summary>
    internal IReadOnlyList<Key> Decode(ReadOnlySpan<byte> bytes)
    {
        _pending.AddRange(bytes);
        ReadOnlySpan<byte> rest = CollectionsMarshal.AsSpan(_pending);
        var keys = new List<Key>();
        while (!rest.IsEmpty && Take(rest) is ( > 0 and int length, var key))
        {
            keys.Add(key);
            rest = rest[length..];
        }

        _pending.RemoveRange(0, _pending.Count - rest.Length);
        return keys;
    }

    // A length of 0 is a key that is not whole yet.
    private static (int Length, Key Key) Take(ReadOnlySpan<byte> bytes) => bytes[0] switch
    {
        Escape => TakeEscape(bytes),
        Delete => (1, new Key(KeyCode.DeleteLeft)),
        < (byte)' ' => (1, new Key(bytes[0] < Control.Length ? Control[bytes[0]] : KeyCode.Unknown)),
        _ => TakeText(bytes),
    };

    private static (int Length, Key Key) TakeText(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        int length = 0;
        while (length < bytes.Length && bytes[length] is >= (byte)' ' and not Delete)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes[length..], out Rune rune, out int used);
            if (status == OperationStatus.NeedMoreData)
            {
                break;
            }

            text.Append(rune.ToString());
            length += used;
        }

        return (length, new Key(KeyCode.Text, text.ToString()));
    }

    // Escape alone cannot be told from the beginning of a sequence but by the time that passes, so it means nothing alone.
    private static (int Length, Key Key) TakeEscape(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 1)
        {
            return default;
        }

        return bytes[1] switch
        {
            (byte)'[' => TakeSequence(bytes),
            (byte)'O' => bytes.Length == 2 ? default : (3, new Key(Arrow(bytes[2], isWithControl: false))),
            (byte)'b' => (2, new Key(KeyCode.WordLeft)),
            (byte)'f' => (2, new Key(KeyCode.WordRight)),
            (byte)'d' => (2, new Key(KeyCode.KillWordRight)),
            Delete or 8 => (2, new Key(KeyCode.KillWordLeft)),
            Escape => (1, new Key(KeyCode.Unknown)),
            _ => (2, new Key(KeyCode.Unknown)),
        };
    }

    private static (int Length, Key Key) TakeSequence(ReadOnlySpan<byte> bytes)
    {
        int last = bytes[2..].IndexOfAnyInRange((byte)0x40, (byte)0x7E) + 2;
        if (last < 2)
        {
            return bytes.Length > LongestSequence ? (bytes.Length, new Key(KeyCode.Unknown)) : default;
        }

        ReadOnlySpan<byte> parameters = bytes[2..last];
        if (bytes[last] == '~' && parameters.SequenceEqual("200"u8))
        {
            return TakePaste(bytes, last + 1);
        }

        KeyCode code = bytes[last] == '~'
            ? Numbered(parameters)
            : Arrow(bytes[last], isWithControl: parameters.EndsWith(";5"u8) || parameters.EndsWith(";3"u8));
        return (last + 1, new Key(code));
    }

    private static (int Length, Key Key) TakePaste(ReadOnlySpan<byte> bytes, int start)
    {
        int length = bytes[start..].IndexOf(PasteEnd);
        if (length < 0)
        {
            return default;
        }

        // Terminals send the end of a line as Enter is sent.
        string text = Encoding.UTF8.GetString(bytes.Slice(start, length)).ReplaceLineEndings("\n");
        return (start + length + PasteEnd.Length, new Key(KeyCode.Text, text));
    }

    private static KeyCode Arrow(byte last, bool isWithControl) => (char)last switch
    {
        'A' => KeyCode.Up,
        'B' => KeyCode.Down,
        'C' => isWithControl ? KeyCode.WordRight : KeyCode.Right,
        'D' => isWithControl ? KeyCode.WordLeft : KeyCode.Left,
        'F' => KeyCode.LineEnd,
        'H' => KeyCode.LineStart,
        _ => KeyCode.Unknown,
    };

    private static KeyCode Numbered(ReadOnlySpan<byte> parameters) => parameters switch
    {
        [(byte)'1' or (byte)'7'] => KeyCode.LineStart,
        [(byte)'3'] => KeyCode.DeleteRight,
        [(byte)'4' or (byte)'8'] => KeyCode.LineEnd,
        _ => KeyCode.Unknown,
    };
}
