using System.Globalization;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary>The condition of one call of <c>test</c>.</summary>
/// <remarks>
/// Up to four words mean what POSIX says by their number, so that <c>test "$x"</c> and <c>test "$x" = -f</c> are right whatever x is.
/// More are read with -o below -a below !.
/// </remarks>
internal sealed class TestCondition(List<string> words, SourceSpan span, RemoteSystem system, CancellationToken cancellation)
{
    private static readonly HashSet<string> Binary = new(StringComparer.Ordinal)
    {
        "=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef",
    };

    private int _at;

    /// <summary>Whether it holds.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public async ValueTask<bool> HoldsAsync() => words.Count <= 4 ? await ShortAsync(words) : await LongAsync();

    private async ValueTask<bool> LongAsync()
    {
        bool holds = await OrAsync();
        return _at == words.Count ? holds : throw Fault($"`{words[_at]}` is too much");
    }

    private async ValueTask<bool> ShortAsync(IReadOnlyList<string> few) => few switch
    {
        [] => false,
        [var text] => text.Length > 0,
        ["!", var text] => text.Length == 0,
        [var sign, var operand] => await UnaryAsync(sign, operand),
        [var left, var sign, var right] when Binary.Contains(sign) => await BinaryAsync(left, sign, right),
        [var left, "-a", var right] => left.Length > 0 && right.Length > 0,
        [var left, "-o", var right] => left.Length > 0 || right.Length > 0,
        ["!", ..] => !await ShortAsync([.. few.Skip(1)]),
        ["(", .., ")"] => await ShortAsync([.. few.Skip(1).SkipLast(1)]),
        [_, var sign, _] => throw Fault($"`{sign}` is no operator between two operands"),
        _ => await LongAsync(),
    };

    private async ValueTask<bool> OrAsync()
    {
        bool holds = await AndAsync();
        while (Take("-o"))
        {
            holds |= await AndAsync();
        }

        return holds;
    }

    private async ValueTask<bool> AndAsync()
    {
        bool holds = await NotAsync();
        while (Take("-a"))
        {
            holds &= await NotAsync();
        }

        return holds;
    }

    private async ValueTask<bool> NotAsync()
    {
        bool isNegated = false;
        while (Take("!"))
        {
            isNegated = !isNegated;
        }

        return await PrimaryAsync() != isNegated;
    }

    private async ValueTask<bool> PrimaryAsync()
    {
        if (_at + 2 < words.Count && Binary.Contains(words[_at + 1]))
        {
            _at += 3;
            return await BinaryAsync(words[_at - 3], words[_at - 2], words[_at - 1]);
        }

        if (Take("("))
        {
            bool holds = await OrAsync();
            return Take(")") ? holds : throw Fault("a `)` is missing");
        }

        if (_at + 1 < words.Count && words[_at] is ['-', _])
        {
            _at += 2;
            return await UnaryAsync(words[_at - 2], words[_at - 1]);
        }

        return _at < words.Count ? words[_at++].Length > 0 : throw Fault("something is missing at the end");
    }

    private bool Take(string word)
    {
        bool isThere = _at < words.Count && words[_at] == word;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private async ValueTask<bool> UnaryAsync(string sign, string operand) => sign switch
    {
        "-n" => operand.Length > 0,
        "-z" => operand.Length == 0,
        "-r" => await MayAsync(operand, AccessMode.Read),
        "-w" => await MayAsync(operand, AccessMode.Write),
        "-x" => await MayAsync(operand, AccessMode.Execute),
        "-e" => await StatAsync(operand) is not null,
        "-s" => await StatAsync(operand) is { Size: > 0 },
        "-f" => await IsAsync(operand, FileKind.Regular),
        "-d" => await IsAsync(operand, FileKind.Directory),
        "-p" => await IsAsync(operand, FileKind.Fifo),
        "-S" => await IsAsync(operand, FileKind.Socket),
        "-b" => await IsAsync(operand, FileKind.BlockDevice),
        "-c" => await IsAsync(operand, FileKind.CharacterDevice),
        "-L" or "-h" => (await StatAsync(operand, followLinks: false))?.Kind == FileKind.SymbolicLink,
        _ => throw Fault($"`{sign}` is no operator before an operand; there are -e -f -d -r -w -x -s -L -h -p -S -b -c -n -z and !"),
    };

    private async ValueTask<bool> BinaryAsync(string left, string sign, string right)
    {
        switch (sign)
        {
            case "=" or "==":
                return left == right;
            case "!=":
                return left != right;
            case "<":
                return string.CompareOrdinal(left, right) < 0;
            case ">":
                return string.CompareOrdinal(left, right) > 0;
            case "-nt" or "-ot" or "-ef":
                return await CompareFilesAsync(left, sign, right);
            default:
                int order = Number(left).CompareTo(Number(right));
                return sign switch
                {
                    "-eq" => order == 0,
                    "-ne" => order != 0,
                    "-lt" => order < 0,
                    "-le" => order <= 0,
                    "-gt" => order > 0,
                    _ => order >= 0,
                };
        }
    }

    private async ValueTask<bool> CompareFilesAsync(string left, string sign, string right)
    {
        (FileStatus? first, FileStatus? second) = (await StatAsync(left), await StatAsync(right));
        if (sign == "-ef")
        {
            return first is not null && second is not null && first.Device == second.Device && first.Inode == second.Inode;
        }

        if (sign == "-ot")
        {
            (first, second) = (second, first);
        }

        return first is not null && (second is null
            || (first.Modified.Seconds, first.Modified.Nanoseconds).CompareTo((second.Modified.Seconds, second.Modified.Nanoseconds)) > 0);
    }

    private async ValueTask<bool> IsAsync(string path, FileKind kind) => (await StatAsync(path))?.Kind == kind;

    private async ValueTask<FileStatus?> StatAsync(string path, bool followLinks = true)
    {
        try
        {
            return await system.StatAsync(ShellText.BytesOf(path), followLinks, cancellation);
        }
        catch (SysreqException)
        {
            return null;
        }
    }

    private async ValueTask<bool> MayAsync(string path, AccessMode mode)
    {
        try
        {
            await system.AccessAsync(ShellText.BytesOf(path), mode, cancellation);
            return true;
        }
        catch (SysreqException)
        {
            return false;
        }
    }

    private long Number(string text) =>
        long.TryParse(text.Trim(' ', '\t', '\n'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Fault($"`{text}` is no whole number");

    private CommandException Fault(string message) => new(message, span, status: 2);
}
