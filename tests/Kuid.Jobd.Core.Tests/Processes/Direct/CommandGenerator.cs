using System.Text;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Processes.Direct;

/// <summary>Commands of every sort that a shell tells apart: simple ones, ones that only look so, builtins, mistakes, programs that cannot be executed.</summary>
/// <remarks>What they do can be done again with the same result, so nothing tells the time and no two processes write at once, harms nobody (there is no kill), and leaves nothing that a later one would find.</remarks>
internal sealed class CommandGenerator : IDisposable
{
    private static readonly string[] Names =
    [
        "uname", "true", "false", "echo", "/bin/echo", "printf", "/usr/bin/printf", "env", "printenv", "pwd", "/bin/pwd", "id", "basename", "dirname", "expr", "seq",
        "sort", "head", "wc", "cat", "ls", "test", "[", "sh", "/bin/sh", "nice", "nohup", "cut", "tr", "rev", "sha256sum", "timeout", "xargs",
        "exit", "return", "set", "export", "unset", "readonly", "shift", "type", "command", "eval", ":", ".", "cd", "umask", "ulimit", "wait", "trap", "alias",
        "if", "then", "fi", "for", "in", "while", "do", "case", "esac", "function", "select", "until", "local", "let", "source", "declare", "exec", "hash", "getopts",
        "words", "twice", "plain", "noshebang", "badshebang", "notexecutable", "folder", "dangling", "empty", "missing", "./words", "./missing", "./folder", "./notexecutable",
        "deeper/words", "/nonexistent/x", "/", ".", "..", "segv", "term", "kill9", "abort", "hup", "pipe", "both", "3",
    ];

    private static readonly string[] Arguments =
    [
        "a", "-a", "-n", "--", "-", "-c", "-e", "--version", "--help", "0", "1", "3", "255", "256", "-1", "x=y", "PATH=/nonexistent", "A=1", "=", "a=", "=a", ",", "@", "%s", "%d\\n", "+1", ":", ".", "..",
        "/", "/bin", "/nonexistent", "words", "folder", "''", "\"\"", "'a b'", "\"a b\"", "'a'b\"c\"", "'*'", "\"*\"", "'$HOME'", "'\"'", "\"'\"", "'\\'", "'a;b'", "\"#\"", "'!'", "\"!\"",
        "'echo x'", "'exit 7'", "'kill -9 $$'", "'echo e >&2; exit 3'", "printf", "/dev/null", "%", "_", "a:b", "a@b.c", "1,2",
    ];

    private static readonly string[] Oddities =
    [
        "*", "?", "[a-z]*", "~", "~root", "$HOME", "$A", "\"$A\"", "${A}", "${A:-b}", "$((1+2))", "$(echo a b)", "`echo a`", "\\a", "\\ ", "\\$", "\"\\$A\"", "#", "#a", "a#", "{a,b}", "{a}", "!", "^",
        "; echo b", "&& echo b", "|| echo b", ">/dev/null", "2>/dev/null", "2>&1", "</dev/null", ">&2", "\n", "\r", "\t", "'", "\"", "`", "$", "\\", "é", "'é'", "\u0001", "(", ")", "{", "}", ";", ";;", "$'a'", "a=~", "=~/",
    ];

    private readonly TempFolder _folder = new();

    internal CommandGenerator()
    {
        Directory.CreateDirectory(_folder["folder"]);
        Directory.CreateDirectory(_folder["deeper"]);
        Script("words", "#!/bin/sh\nprintf '<%s>' \"$0\" \"$@\"; printf '\\n%s\\n' \"$A\"\n");
        Script("deeper/words", "#!/bin/sh\nprintf '[%s]' \"$@\"\n");
        Script("twice", "#!/bin/sh\nprintf out; printf err >&2; exit \"${1:-9}\"\n");
        Script("plain", "#!/bin/cat\ntext\n");
        Script("noshebang", "echo \"no shebang $1\"\n");
        Script("badshebang", "#!/nonexistent/interpreter\n");
        Script("empty", string.Empty);
        Script("both", "#!/bin/sh\ncat\nexec cat /proc/self/environ\n");
        foreach ((string name, string signal) in ((string, string)[])[("segv", "SEGV"), ("term", "TERM"), ("kill9", "KILL"), ("abort", "ABRT"), ("hup", "HUP"), ("pipe", "PIPE")])
        {
            Script(name, $"#!/bin/sh\nprintf before\nkill -{signal} $$\n");
        }

        File.WriteAllText(_folder["notexecutable"], "#!/bin/sh\necho no\n");
        File.CreateSymbolicLink(_folder["dangling"], "/nonexistent");
    }

    /// <summary>Where the commands run.</summary>
    internal string Folder => _folder.Path;

    /// <summary>What they find in their environment, in an order and with peculiarities that a shell may change.</summary>
    internal IReadOnlyList<byte[]> Environment =>
    [
        .. new[] { "ZZ=last", $"PATH={_folder.Path}:/nonexistent:/usr/local/bin:/usr/bin:/bin", "A=a b", "PWD=/nonexistent", "OLDPWD=/", "IFS=x", "PS1=$", "1A=number", "B C=blank", "A=again", "EMPTY=", "LC_ALL=C", "_=given", "OPTIND=7" }
            .Select(Encoding.UTF8.GetBytes),
    ];

    public void Dispose() => _folder.Dispose();

    internal static string Next(Dice dice)
    {
        var command = new StringBuilder(dice.OneIn(20) ? dice.Of<string>(" ", "\t", "  \t", "A=2 ", "! ", "exec ", "\n", "-") : string.Empty);
        command.Append(Names[dice.Below(Names.Length)]);
        for (int arguments = dice.Below(5); arguments > 0; arguments--)
        {
            command.Append(dice.Of<string>(" ", " ", " ", " ", "  ", "\t", dice.OneIn(8) ? string.Empty : " "));
            command.Append(dice.OneIn(12) ? Oddities[dice.Below(Oddities.Length)] : Arguments[dice.Below(Arguments.Length)]);
        }

        return command.ToString();
    }

    private void Script(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        File.SetUnixFileMode(_folder[name], (UnixFileMode)0b111_101_101);
    }
}
