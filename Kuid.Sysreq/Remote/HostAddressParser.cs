using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kuid.Sysreq.Remote;

/// <summary>Reads addresses of hosts.</summary>
internal static class HostAddressParser
{
    private const string Allowed =
        "allowed are unix:PATH, tcp:HOST:PORT, tls:HOST:PORT[?cert=FILE&key=FILE&ca=FILE&pin=FILE], exec:COMMAND ARGS... and local";

    private static readonly SearchValues<char> Quoted = SearchValues.Create(" \t\n'\"\\");

    public static HostAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == "local")
            return new LocalAddress();

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var rest = text[(colon + 1)..];
        return (colon < 0 ? null : text[..colon]) switch
        {
            "unix" => ParseUnix(text, rest),
            "tcp" => ParseTcp(text, rest),
            "tls" => ParseTls(text, rest),
            "exec" => ParseExec(text, rest),
            null => throw Refuse(text, "it has no scheme"),
            var scheme => throw Refuse(text, $"the scheme '{scheme}' is unknown"),
        };
    }

    /// <summary>The argument as <see cref="Split"/> reads it back.</summary>
    public static string Quote(string argument) => argument.Length > 0 && !argument.AsSpan().ContainsAny(Quoted)
        ? argument
        : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static UnixAddress ParseUnix(string text, string path)
    {
        // sun_path of unix(7) has 108 bytes, the last of which is the terminator.
        if (path.Length == 0)
            throw Refuse(text, "the path is empty");

        return Encoding.UTF8.GetByteCount(path) > 107
            ? throw Refuse(text, "the path of a Unix socket has at most 107 bytes")
            : new UnixAddress(path);
    }

    private static TcpAddress ParseTcp(string text, string rest)
    {
        var (host, port) = ParseEndpoint(text, rest);
        return new TcpAddress(host, port);
    }

    private static TlsAddress ParseTls(string text, string rest)
    {
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var (host, port) = ParseEndpoint(text, query < 0 ? rest : rest[..query]);
        var address = new TlsAddress(host, port);
        if (query < 0)
            return address;

        foreach (var option in rest[(query + 1)..].Split('&'))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var value = equals < 0 ? "" : Uri.UnescapeDataString(option[(equals + 1)..]);
            if (value.Length == 0)
                throw Refuse(text, $"the option '{option}' has no value");

            address = option[..equals] switch
            {
                "cert" => address with { Certificate = value },
                "key" => address with { Key = value },
                "ca" => address with { Authority = value },
                "pin" => address with { Pin = value },
                var name => throw Refuse(text, $"the option '{name}' is unknown"),
            };
        }

        return address is { Key: not null, Certificate: null } ? throw Refuse(text, "key needs cert") : address;
    }

    private static (string Host, int Port) ParseEndpoint(string text, string endpoint)
    {
        var colon = endpoint.LastIndexOf(':');
        if (colon <= 0)
            throw Refuse(text, "host or port is missing");

        var host = endpoint[..colon];
        if (host.Contains(':', StringComparison.Ordinal) && !(host[0] == '[' && host[^1] == ']'))
            throw Refuse(text, "an IPv6 address is written in brackets, as [::1]");

        return int.TryParse(endpoint[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? (host, port)
            : throw Refuse(text, $"'{endpoint[(colon + 1)..]}' is no port of 1..65535");
    }

    private static ExecAddress ParseExec(string text, string command)
    {
        var arguments = Split(text, command);
        return arguments.Count == 0 ? throw Refuse(text, "the command is empty") : new ExecAddress(arguments);
    }

    /// <summary>Words as a shell separates them, without any expansion: blanks, '...', "..." and a backslash.</summary>
    private static List<string> Split(string text, string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (inWord)
                    words.Add(word.ToString());

                word.Clear();
                inWord = false;
                continue;
            }

            inWord = true;
            if (c == quote)
                quote = '\0';
            else if (quote == '\0' && c is '\'' or '"')
                quote = c;
            else if (c == '\\' && quote != '\'')
                word.Append(++i < command.Length ? command[i] : throw Refuse(text, "a backslash at the end escapes nothing"));
            else
                word.Append(c);
        }

        if (quote != '\0')
            throw Refuse(text, $"the quote {quote} is never closed");

        if (inWord)
            words.Add(word.ToString());

        return words;
    }

    private static FormatException Refuse(string text, string reason) => new($"'{text}' is no address of a host: {reason}; {Allowed}");
}
