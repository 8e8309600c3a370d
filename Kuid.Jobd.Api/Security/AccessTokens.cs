using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Secrets;
using Kuid.Jobd.Core.Services;

namespace Kuid.Jobd.Api.Security;

/// <summary>
/// Every token there is: the daemon's own, which may do everything, and those that somebody has put into a folder, each with what
/// it may do: the name of its file is its principal's, the first line is the token, the second has its scopes.
/// </summary>
/// <param name="own">The daemon's own.</param>
/// <param name="folder">Where the others are; it need not be there.</param>
public sealed class AccessTokens(AccessToken own, string? folder = null)
{
    /// <summary>What begins the scope that lets one service be called: <c>run:weather</c>.</summary>
    internal const string ServicePrefix = "run:";

    private volatile Grant[] _granted = [];

    /// <summary>Reads the folder; the tokens in force stay when there is something wrong with it.</summary>
    /// <exception cref="InvalidDataException">A file is no token, or others can read it; the message says what to do.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Load() => _granted = folder is null || !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(Read)];

    /// <summary>Who has a token; null when it is none.</summary>
    internal Grant? Find(ReadOnlySpan<char> presented)
    {
        Grant? found = own.Is(presented) ? Grant.Everything : null;

        // All of them are compared, however many come before the right one.
        foreach (Grant grant in _granted)
        {
            found = grant.Token!.Is(presented) ? grant : found;
        }

        return found;
    }

    private static Grant Read(string path)
    {
        string[] lines = SecretFile.Read(path, "token").TrimEnd('\n').Split('\n');
        string name = Path.GetFileName(path);
        if (!ServiceName.IsValid(name))
        {
            throw new InvalidDataException($"{path}: the name of a token's file is {ServiceName.Allowed}");
        }

        if (lines is not [var token, var scopes] || !AccessToken.IsToken(token))
        {
            throw new InvalidDataException($"{path}: has to be two lines: a token of 43 to 512 characters without spaces, and its scopes");
        }

        return new Grant("token:" + name, [.. scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(scope => ScopesOf(path, scope))])
        {
            Token = new AccessToken(token),
        };
    }

    // Each scope includes those before it; one service's includes nothing else.
    private static IEnumerable<string> ScopesOf(string path, string word)
    {
        if (word.StartsWith(ServicePrefix, StringComparison.Ordinal) && ServiceName.IsValid(word.AsSpan(ServicePrefix.Length)))
        {
            return [word];
        }

        Scope[] all = Enum.GetValues<Scope>();
        int place = Array.FindIndex(all, scope => word == Words<Scope>.Of(scope));
        return place >= 0
            ? all[..(place + 1)].Select(scope => scope.ToString())
            : throw new InvalidDataException($"{path}: \"{word}\" is no scope; read, run, admin and run:SERVICE are");
    }

    /// <summary>What whoever has a token may do.</summary>
    /// <param name="Principal">The name that jobs and log lines carry.</param>
    /// <param name="Scopes">The names of <see cref="Scope"/>, and <c>run:SERVICE</c>.</param>
    internal sealed record Grant(string Principal, IReadOnlyList<string> Scopes)
    {
        internal static readonly Grant Everything = new("token", Enum.GetNames<Scope>());

        internal AccessToken? Token { get; init; }
    }
}
