using System.CommandLine;
using Kuid.Cli.Api;

namespace Kuid.Cli;

/// <summary>How to reach the daemon: the options that every verb has.</summary>
internal sealed class DaemonOptions
{
    private const string Socket = "--socket";
    private const string Url = "--url";
    private const string TokenFile = "--token-file";

    private readonly Option<string?> _socket = new(Socket)
    {
        Description = "The daemon's HTTP socket.",
        HelpName = "PATH",
        Recursive = true,
    };

    private readonly Option<string?> _url = new(Url)
    {
        Description = "The daemon's address on TCP: http://127.0.0.1:PORT.",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> _tokenFile = new(TokenFile)
    {
        Description = "The file with the token for --url. Default: DIR/token.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Adds them to the root, from where every verb has them.</summary>
    internal void AddTo(RootCommand root)
    {
        root.Options.Add(_socket);
        root.Options.Add(_url);
        root.Options.Add(_tokenFile);
    }

    /// <summary>A client for the daemon that was meant; it connects with its first request.</summary>
    internal DaemonClient Open(ParseResult words) => new(DaemonAddress.Choose(
        words.GetValue(_socket), words.GetValue(_url), words.GetValue(_tokenFile), Environment.GetEnvironmentVariable));

    /// <summary>The same for who has the words only.</summary>
    internal static DaemonClient OpenFor(ParseResult words) => new(DaemonAddress.Choose(
        Find(words, Socket), Find(words, Url), Find(words, TokenFile), Environment.GetEnvironmentVariable));

    private static string? Find(ParseResult words, string name) =>
        words.RootCommandResult.Command.Options.OfType<Option<string?>>().FirstOrDefault(option => option.Name == name) is { } found
            ? words.GetValue(found)
            : null;
}
