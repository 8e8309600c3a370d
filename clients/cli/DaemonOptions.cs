using System.CommandLine;
using Kuid.Cli.Api;

namespace Kuid.Cli;

/// <summary>How to reach the daemon: the options that every verb has.</summary>
internal sealed class DaemonOptions
{
    private const string Socket = "--socket";
    private const string Url = "--url";
    private const string TokenFile = "--token-file";
    private const string Authority = "--ca";
    private const string Certificate = "--certificate";
    private const string Key = "--key";

    private readonly Option<string?> _socket = new(Socket)
    {
        Description = "The daemon's HTTP socket.",
        HelpName = "PATH",
        Recursive = true,
    };

    private readonly Option<string?> _url = new(Url)
    {
        Description = "The daemon's address on TCP: http://127.0.0.1:PORT, or https://HOST:PORT.",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> _tokenFile = new(TokenFile)
    {
        Description = "The file with the token for --url. Default: DIR/token.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _authority = File(Authority, "Who has signed the daemon's certificate, PEM, for https. Default: the system's authorities.");

    private readonly Option<string?> _certificate = File(Certificate, "A certificate of one's own to show, PEM, for https; then no token is sent unless --token-file says so.");

    private readonly Option<string?> _key = File(Key, "Its private key, PEM. Default: in the same file.");

    /// <summary>Adds them to the root, from where every verb has them.</summary>
    internal void AddTo(RootCommand root)
    {
        root.Options.Add(_socket);
        root.Options.Add(_url);
        root.Options.Add(_tokenFile);
        root.Options.Add(_authority);
        root.Options.Add(_certificate);
        root.Options.Add(_key);
    }

    /// <summary>A client for the daemon that was meant; it connects with its first request.</summary>
    internal DaemonClient Open(ParseResult words) => new(DaemonAddress.Choose(
        words.GetValue(_socket), words.GetValue(_url), words.GetValue(_tokenFile), Environment.GetEnvironmentVariable,
        DaemonTls.Of(words.GetValue(_authority), words.GetValue(_certificate), words.GetValue(_key))));

    /// <summary>The same for who has the words only.</summary>
    internal static DaemonClient OpenFor(ParseResult words) => new(DaemonAddress.Choose(
        Find(words, Socket), Find(words, Url), Find(words, TokenFile), Environment.GetEnvironmentVariable,
        DaemonTls.Of(Find(words, Authority), Find(words, Certificate), Find(words, Key))));

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "FILE", Recursive = true };

    private static string? Find(ParseResult words, string name) =>
        words.RootCommandResult.Command.Options.OfType<Option<string?>>().FirstOrDefault(option => option.Name == name) is { } found
            ? words.GetValue(found)
            : null;
}
