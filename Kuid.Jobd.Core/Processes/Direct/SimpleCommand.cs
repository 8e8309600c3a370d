namespace Kuid.Jobd.Core.Processes.Direct;

/// <summary>A command that is nothing but a program's name and its arguments, as every shell would read them.</summary>
/// <remarks>
/// The grammar is that of POSIX (Shell Command Language, 2.2 and 2.9.1) less everything that a shell could expand, redirect, assign or
/// read in a way of its own: what is left are words of plain characters and of quoted ones, separated by blanks. Whatever else there
/// is in a command makes it one for the shell, also where only some shell would see something in it.
/// </remarks>
public static class SimpleCommand
{
    // A shell gets its command as one argument, which may have 128 KiB (MAX_ARG_STRLEN); words may have more together.
    private const int MostBytes = 64 * 1024;

    private static ReadOnlySpan<byte> PlainMarks => "_@%+:,./-"u8;

    private static ReadOnlySpan<byte> NotInDoubleQuotes => "\"$`\\"u8;

    /// <summary>The words of a command, the program's first.</summary>
    /// <returns>Null for a command that needs a shell.</returns>
    public static IReadOnlyList<byte[]>? Words(ReadOnlySpan<byte> command)
    {
        if (command.Length > MostBytes || !NameIsPlain(command))
        {
            return null;
        }

        List<byte[]> words = [];
        while (!(command = command.TrimStart(" \t"u8)).IsEmpty)
        {
            if (Word(ref command) is not { } word)
            {
                return null;
            }

            words.Add(word);
        }

        return words;
    }

    // A quoted name would be no builtin and no reserved word, one with a = in it an assignment, one with a - in front somebody's option.
    private static bool NameIsPlain(ReadOnlySpan<byte> command)
    {
        ReadOnlySpan<byte> trimmed = command.TrimStart(" \t"u8);
        int end = trimmed.IndexOfAny(" \t"u8);
        ReadOnlySpan<byte> name = end < 0 ? trimmed : trimmed[..end];
        if (name.IsEmpty || !(char.IsAsciiLetterOrDigit((char)name[0]) || name[0] is (byte)'/' or (byte)'.' or (byte)'_'))
        {
            return false;
        }

        foreach (byte b in name)
        {
            if (!IsPlain(b) || b == '=')
            {
                return false;
            }
        }

        return true;
    }

    private static byte[]? Word(ref ReadOnlySpan<byte> rest)
    {
        // What is in quotes loses them and nothing else, so a word is never longer than its source.
        byte[] word = new byte[rest.Length];
        int length = 0;
        int i = 0;
        for (; i < rest.Length && rest[i] is not ((byte)' ' or (byte)'\t'); i++)
        {
            if (rest[i] is (byte)'\'' or (byte)'"')
            {
                byte quote = rest[i];
                int quoted = rest[(i + 1)..].IndexOf(quote);
                if (quoted < 0 || !MayBeQuoted(rest.Slice(i + 1, quoted), quote))
                {
                    return null;
                }

                rest.Slice(i + 1, quoted).CopyTo(word.AsSpan(length));
                length += quoted;
                i += quoted + 1;
            }
            else if (IsPlain(rest[i]))
            {
                word[length++] = rest[i];
            }
            else
            {
                return null;
            }
        }

        rest = rest[i..];
        return word[..length];
    }

    // Control characters and those of other alphabets are some shells' own marks inside.
    private static bool MayBeQuoted(ReadOnlySpan<byte> text, byte quote)
    {
        foreach (byte b in text)
        {
            if (b is < (byte)' ' or > (byte)'~')
            {
                return false;
            }
        }

        return quote == '\'' || text.IndexOfAny(NotInDoubleQuotes) < 0;
    }

    private static bool IsPlain(byte b) => char.IsAsciiLetterOrDigit((char)b) || PlainMarks.Contains(b) || b == '=';
}
