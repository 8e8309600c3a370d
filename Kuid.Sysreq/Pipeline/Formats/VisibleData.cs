using System.Text;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>Bytes as text for a terminal: line ends and tabs do what they do, everything else that does not print is written out.</summary>
public sealed class VisibleData
{
    // A stretch of bytes may end within a character, whose rest comes with the next.
    private byte[] _begun = [];
    private bool _isAtLineStart = true;

    /// <summary>The next stretch.</summary>
    public string Next(ReadOnlySpan<byte> bytes)
    {
        byte[] all = [.. _begun, .. bytes];
        int whole = all.Length - LengthOfBegunCharacter(all);
        _begun = all[whole..];
        string text = VisibleText.OfLines(all.AsSpan(0, whole));
        _isAtLineStart = text.Length == 0 ? _isAtLineStart : text[^1] == '\n';
        return text;
    }

    /// <summary>What is left at the end, and a line end if there was none: the next prompt stands on a line of its own.</summary>
    public string End()
    {
        string rest = VisibleText.OfLines(_begun) + (_isAtLineStart && _begun.Length == 0 ? "" : "\n");
        _begun = [];
        _isAtLineStart = true;
        return rest;
    }

    private static int LengthOfBegunCharacter(ReadOnlySpan<byte> bytes)
    {
        for (int length = 1; length <= Math.Min(3, bytes.Length); length++)
        {
            if (Rune.DecodeFromUtf8(bytes[^length..], out _, out _) == System.Buffers.OperationStatus.NeedMoreData)
                return length;
        }

        return 0;
    }
}
