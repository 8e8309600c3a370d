namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>Where a tilde means somebody's directory.</summary>
internal enum Tilde
{
    /// <summary>Nowhere.</summary>
    Nowhere,

    /// <summary>At the beginning of a word.</summary>
    AtStart,

    /// <summary>There, and behind every colon.</summary>
    BehindColons,
}

internal sealed partial class WordExpander
{
    private async ValueTask AddTildesAsync(FieldBuilder builder, string text, bool isFirst, bool isLast, Tilde tilde, bool isOperand)
    {
        int start = 0;
        for (int at = 0; at < text.Length; at++)
        {
            bool counts = at == 0 ? isFirst : tilde == Tilde.BehindColons && text[at - 1] == ':';
            if (text[at] != '~' || !counts)
            {
                continue;
            }

            int end = text.AsSpan(at).IndexOfAny('/', tilde == Tilde.BehindColons ? ':' : '/') is >= 0 and var length ? at + length : text.Length;

            // What follows in quotes or from a variable would be a part of the name, and such a name is none.
            if ((end == text.Length && !isLast) || await DirectoryAsync(text[(at + 1)..end]) is not { } directory)
            {
                continue;
            }

            if (at > start)
            {
                AddLiteral(builder, text[start..at], isQuoted: false, isOperand);
            }

            builder.AddQuoted(directory);
            start = end;
            at = end - 1;
        }

        if (start < text.Length)
        {
            AddLiteral(builder, text[start..], isQuoted: false, isOperand);
        }
    }

    /// <summary>What stands behind a tilde: a user, nothing for the one whom the server runs as, <c>+</c> or <c>-</c>.</summary>
    private async ValueTask<string?> DirectoryAsync(string name) => name switch
    {
        "" => _shell.Variables.Get("HOME") ?? await _shell.HomeDirectories.OfServerAsync(_cancellation),
        "+" => await ValueOfAsync("PWD"),
        "-" => _shell.Variables.Get("OLDPWD"),
        _ => await _shell.HomeDirectories.OfUserAsync(name, _cancellation),
    };
}
