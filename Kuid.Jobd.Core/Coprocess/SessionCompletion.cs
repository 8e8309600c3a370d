using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kuid.Jobd.Core.Coprocess;

/// <summary>
/// What a word may become, looked for by the shell itself: it has the directory, the PATH, the functions and the rights. Everything runs in
/// a subshell, with the options that a look needs.
/// </summary>
internal static class SessionCompletion
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A script that prints candidates, a NUL behind each; for variables it prints what <c>set</c> does.</summary>
    internal static byte[] Script(CompletionWord word)
    {
        byte[] look = word.Kind switch
        {
            CompletionKind.Variable => [.. "case ${BASH_VERSION:+bash} in bash) set -o posix;; esac; set"u8],
            CompletionKind.Command => [.. "word="u8, .. Quoted(word.Stem), (byte)'\n', .. Commands],
            _ => [.. Paths(word.Stem)],
        };
        return [.. "( set +efuvx; unset IFS\n"u8, .. GlobsOfBash, (byte)'\n', .. look, .. "\n) || :"u8];
    }

    /// <summary>What the script has printed, as a JSON array of whole words, sorted by their bytes.</summary>
    internal static byte[] ToJson(CompletionWord word, ReadOnlySpan<byte> printed)
    {
        var words = new SortedSet<string>(StringComparer.Ordinal);
        string before = Encoding.UTF8.GetString(word.Before);
        if (word.Kind == CompletionKind.Variable)
        {
            string stem = Encoding.UTF8.GetString(word.Stem);
            string close = before.EndsWith('{') ? "}" : string.Empty;
            var variables = new VariableListing(printed);
            while (variables.Next())
            {
                if (variables.Name.StartsWith(stem, StringComparison.Ordinal))
                {
                    words.Add(before + variables.Name + close);
                }
            }
        }
        else
        {
            foreach (Range range in printed.Split((byte)0))
            {
                words.Add(Encoding.UTF8.GetString(printed[range]));
            }

            words.Remove(string.Empty);
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (string candidate in words)
            {
                json.WriteStringValue(candidate);
            }

            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> GlobsOfBash =>
        "case ${BASH_VERSION:+bash} in bash) shopt -u failglob nullglob; unset GLOBIGNORE;; esac"u8;

    // bash knows all of its commands. The others are asked for each builtin that POSIX or one of them has, and cannot list functions.
    private static ReadOnlySpan<byte> Commands => """
        case ${BASH_VERSION:+bash} in bash) compgen -c -- "$word" | tr '\n' '\0'; exit;; esac
        for name in . : [ alias bg break cd chdir command continue echo eval exec exit export false fc fg getopts hash help \
            history jobs kill let local printf pwd read readonly return set shift source test times trap true type ulimit \
            umask unalias unset wait \
            case do done elif else esac fi for if in then until while; do
            case $name in "$word"*) command -v "$name" > /dev/null && printf '%s\0' "$name";; esac
        done
        alias | while IFS== read -r name rest; do case $name in "$word"*) printf '%s\0' "$name";; esac; done
        IFS=:
        for folder in $PATH; do
            for file in "${folder:-.}/$word"*; do [ -f "$file" ] && [ -x "$file" ] && printf '%s\0' "${file##*/}"; done
        done
        """u8;

    /// <summary>
    /// The files that begin so; a directory has a slash behind it. A tilde is the shell's to expand, and comes back as it was.
    /// </summary>
    private static byte[] Paths(byte[] stem)
    {
        int slash = stem.AsSpan().IndexOf((byte)'/');
        bool hasTilde = slash > 0 && stem[0] == '~' && stem.AsSpan(1, slash - 1).IndexOfAnyExcept(UserBytes) < 0;
        byte[] tilde = hasTilde ? stem[..slash] : [];
        return
        [
            .. "tilde="u8, .. Quoted(tilde), .. "; home="u8, .. tilde, .. "; word="u8, .. Quoted(stem[tilde.Length..]), .. """

            for file in "$home$word"*; do
                { [ -e "$file" ] || [ -L "$file" ]; } || continue
                [ -d "$file" ] && slash=/ || slash=
                printf '%s\0' "$tilde${file#"$home"}$slash"
            done
            """u8,
        ];
    }

    private static readonly SearchValues<byte> UserBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    // Between single quotes everything but a single quote is itself.
    private static byte[] Quoted(byte[] bytes) =>
        [(byte)'\'', .. bytes.SelectMany(b => b == '\'' ? "'\\''"u8.ToArray() : [b]), (byte)'\''];
}
