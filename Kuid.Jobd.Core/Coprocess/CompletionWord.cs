namespace Kuid.Jobd.Core.Coprocess;

/// <summary>What a word may become.</summary>
internal enum CompletionKind
{
    /// <summary>The first word of a command, without a slash.</summary>
    Command,

    /// <summary>Any other word.</summary>
    Path,

    /// <summary>A word that ends in <c>$NAME</c> or <c>${NAME</c>.</summary>
    Variable,
}

/// <summary>The last word of a text, without its quotes.</summary>
/// <param name="Kind">What it may become.</param>
/// <param name="Before">What stays as it is: for a variable what is in front of its name.</param>
/// <param name="Stem">What is to be completed.</param>
internal sealed record CompletionWord(CompletionKind Kind, byte[] Before, byte[] Stem)
{
    // After these a command begins.
    private static readonly string[] Keywords = ["if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"];

    /// <summary>Finds the last word as the shell's grammar cuts words, quotes that are still open included.</summary>
    internal static CompletionWord Of(ReadOnlySpan<byte> text)
    {
        var word = new List<byte>();
        int name = -1;
        byte quote = 0;
        bool isCommand = true, isTarget = false;
        for (int i = 0; i < text.Length; i++)
        {
            byte next = text[i];
            bool escapes = next == '\\' && quote != '\'' && i + 1 < text.Length;
            if (escapes)
            {
                word.Add(text[++i]);
            }
            else if (next is (byte)'\'' or (byte)'"' && (quote == 0 || quote == next))
            {
                quote = quote == 0 ? next : (byte)0;
            }
            else if (quote == 0 && next is (byte)' ' or (byte)'\t')
            {
                isCommand = isTarget ? isCommand : isCommand && (word.Count == 0 || GoesOn(word));
                isTarget = isTarget && word.Count == 0;
                word.Clear();
                name = -1;
            }
            else if (quote == 0 && "\n;|&()`"u8.Contains(next))
            {
                (isCommand, isTarget, name) = (true, false, -1);
                word.Clear();
            }
            else if (quote == 0 && next is (byte)'<' or (byte)'>')
            {
                (isTarget, name) = (true, -1);
                word.Clear();
            }
            else
            {
                name = NameBegins(text, i, quote, word.Count) ?? name;
                word.Add(next);
            }
        }

        byte[] whole = [.. word];
        if (name >= 0 && whole.AsSpan(Math.Min(name, whole.Length)).IndexOfAnyExcept(NameBytes) < 0)
        {
            return new CompletionWord(CompletionKind.Variable, whole[..name], whole[name..]);
        }

        bool command = isCommand && !isTarget && !whole.Contains((byte)'/') && !whole.AsSpan().StartsWith("~"u8);
        return new CompletionWord(command ? CompletionKind.Command : CompletionKind.Path, [], whole);
    }

    private static readonly System.Buffers.SearchValues<byte> NameBytes =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <summary>Where in the word a variable's name begins that this byte introduces; null for any other byte.</summary>
    private static int? NameBegins(ReadOnlySpan<byte> text, int at, byte quote, int length) => quote == '\'' ? null : text[at] switch
    {
        (byte)'$' => length + 1,
        (byte)'{' when at > 0 && text[at - 1] == '$' => length + 1,
        _ => null,
    };

    // Keywords and assignments stand in front of a command.
    private static bool GoesOn(List<byte> word) =>
        word.IndexOf((byte)'=') > 0 || Keywords.Contains(System.Text.Encoding.Latin1.GetString([.. word]), StringComparer.Ordinal);
}
