using System.Text;

namespace Kuid.Sockproc.Tests.Conformance;

// Well-formed requests within what the original can do: commands of at most 2000 bytes, stdin of at most 60 KiB that is read
// before anything is written, output that fits in a pipe. The same seed gives the same requests.
internal sealed class RandomRequests(int seed)
{
    private const int MostCommand = 2000;
    private const int MostStdin = 60 * 1024;

    private static readonly string[] Signals = ["HUP", "INT", "QUIT", "ABRT", "KILL", "SEGV", "PIPE", "ALRM", "TERM", "USR1", "BUS"];

    private readonly Random _random = new(seed);

    // Latin-1 text: one char is one byte.
    internal byte[] Next()
    {
        byte[] stdin = [];
        var script = new StringBuilder();
        if (_random.Next(3) == 0)
        {
            stdin = Bytes(_random.Next(MostStdin));
            script.Append(Reader()).Append(Separator());
        }

        for (int pieces = _random.Next(1, 6); pieces > 0; pieces--)
        {
            string piece = Piece();
            if (script.Length + piece.Length < MostCommand - 100)
            {
                script.Append(piece).Append(Separator());
            }
        }

        script.Append(Ending());
        if (_random.Next(6) == 0)
        {
            script.Append(" #").Append('p', MostCommand - 2 - script.Length);
        }

        return [.. Encoding.Latin1.GetBytes($"{script}\r\n{stdin.Length}\r\n"), .. stdin];
    }

    private string Piece() => _random.Next(12) switch
    {
        0 => $"printf %s {SingleQuoted(Text(80))}{Target()}",
        1 => $"printf %s {DoubleQuoted(Text(80))}{Target()}",
        2 => $"printf %s {Backslashed(Text(40))}{Target()}",
        3 => $"printf '{Octal(Bytes(_random.Next(60)))}'{Target()}",
        4 => $"for i in 1 2 3; do echo \"$i\"{Target()}\ndone",
        5 => $"f() {{\n  return {_random.Next(256)}\n}}\nf; echo $?",
        6 => $"cat <<'END'{Target()}\n{Letters(60)}\n$x `y`\nEND\n:",
        7 => $"x={SingleQuoted(Text(30))}; printf '<%s>' $x \"$x\"{Target()}",
        8 => $"sh -c 'kill -{Signal()} $$' 2>/dev/null; echo $?",
        9 => $"{Letters(8)}-{Letters(8)}",
        10 => $"if [ {_random.Next(9)} -gt {_random.Next(9)} ]; then echo more; else echo less >&2; fi",
        _ => $"head -c {_random.Next(30_000)} /dev/zero | tr '\\0' '\\{Convert.ToString(_random.Next(1, 256), 8)}'",
    };

    // They read all of it before they write.
    private string Reader() => _random.Next(5) switch
    {
        0 => "wc -c",
        1 => "cksum",
        2 => "tail -c 9000",
        3 => "tail -c 20000 >&2",
        _ => "x=$(tr -d '\\000' | tail -c 300 | od -An -tx1); echo \"$x\"",
    };

    private string Ending() => _random.Next(4) switch
    {
        0 => $"exit {_random.Next(256)}",
        1 => $"kill -{Signal()} $$",
        2 => "true",
        _ => $"echo end{Target()}",
    };

    private string Signal() => Signals[_random.Next(Signals.Length)];

    private string Target() => _random.Next(3) == 0 ? " >&2" : string.Empty;

    private string Separator() => _random.Next(2) == 0 ? "; " : "\n";

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private string Letters(int most) => new([.. Enumerable.Range(0, _random.Next(1, most)).Select(_ => (char)('a' + _random.Next(26)))]);

    // Any byte but NUL; a CR only where no LF can follow it.
    private string Text(int most)
    {
        string text = new([.. Enumerable.Range(0, _random.Next(most)).Select(_ => (char)_random.Next(1, 256))]);
        return text.Replace("\r", "\rx", StringComparison.Ordinal);
    }

    private static string SingleQuoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string DoubleQuoted(string text) =>
        '"' + string.Concat(text.Select(c => c is '"' or '\\' or '$' or '`' ? $"\\{c}" : c.ToString())) + '"';

    // A backslash before a LF joins lines, so LF is quoted otherwise; a word may not be empty.
    private static string Backslashed(string text) =>
        "''" + string.Concat(text.Select(c => c == '\n' ? "'\n'" : char.IsAsciiLetterOrDigit(c) ? c.ToString() : $"\\{c}"));

    private static string Octal(byte[] bytes) =>
        string.Concat(bytes.Select(b => '\\' + Convert.ToString(b, 8).PadLeft(3, '0')));
}
