using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Native;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Api.Security;

/// <summary>Every token there is: the daemon's own, which may do everything, and the named ones of a folder.</summary>
/// <remarks>
/// A token that is revoked must open nothing from that moment on, and nobody tells the daemon. So whenever one is presented, the
/// folder's time of change is looked at, one system call, and the folder is read again when it is another. The kernel's clock for
/// files stands still for milliseconds, so two changes may carry one time: a reading that was made so soon after the change is not
/// believed the next time. What is wrong with one file is that token's end and no other's, or a broken file could keep a revoked
/// token alive.
/// </remarks>
/// <param name="own">The daemon's own.</param>
/// <param name="folder">Where the others are; null for nowhere.</param>
/// <param name="clock">Tells which have expired; the system's unless given.</param>
/// <param name="log">Told of files that are no tokens.</param>
public sealed class AccessTokens(AccessToken own, TokenFolder? folder = null, TimeProvider? clock = null, ILogger? log = null)
{
    // Far more than a tick of the kernel, which is 1 to 10 ms.
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ILogger _log = log ?? NullLogger.Instance;
    private readonly Lock _gate = new();
    private volatile Reading? _reading;

    /// <summary>Reads the folder, however old what is known of it.</summary>
    public void Load() => Read();

    /// <summary>Reads the folder, whose every file has to be a token: at the start somebody is there to read what is wrong.</summary>
    /// <exception cref="InvalidDataException">A file is no token, or others can read it; the message says what to do.</exception>
    public void LoadAll()
    {
        if (Read().Problems is [var problem, ..])
        {
            throw new InvalidDataException(problem);
        }
    }

    /// <summary>Who has a token.</summary>
    internal TokenMatch Find(ReadOnlySpan<char> presented)
    {
        Span<byte> hash = stackalloc byte[TokenText.HashBytes];
        if (!TokenText.TryHash(presented, hash))
        {
            return TokenMatch.None;
        }

        TokenMatch found = own.Matches(hash) ? TokenMatch.Own : TokenMatch.None;

        // All of them are compared, however many come before the right one.
        foreach (NamedToken token in Current())
        {
            foreach (TokenKey key in token.Keys)
            {
                found = key.Matches(hash) ? new TokenMatch("token:" + token.Name, token.Scopes, key.IsExpired(_clock.GetUtcNow().UtcDateTime)) : found;
            }
        }

        return found;
    }

    private IReadOnlyList<NamedToken> Current()
    {
        if (folder is null)
        {
            return [];
        }

        return _reading is { } known && known.ChangedAt == folder.ChangedAt && known.At - known.ChangedAt > Settled ? known.Tokens : Read().Tokens;
    }

    private Reading Read()
    {
        lock (_gate)
        {
            DateTime changedAt = folder?.ChangedAt ?? default;
            var tokens = new List<NamedToken>();
            var problems = new List<string>();
            foreach (string name in NamesIn(folder, problems))
            {
                try
                {
                    tokens.AddRange(folder!.Read(name) is { } token ? [token] : []);
                }
                catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or NativeException)
                {
                    problems.Add(e.Message);
                }
            }

            IReadOnlyList<string> before = _reading?.Problems ?? [];
            var reading = new Reading(changedAt, DateTime.UtcNow, tokens, problems);
            _reading = reading;
            foreach (string problem in problems.Except(before, StringComparer.Ordinal))
            {
                Log.TokenNotRead(_log, problem);
            }

            return reading;
        }
    }

    private static IReadOnlyList<string> NamesIn(TokenFolder? folder, List<string> problems)
    {
        try
        {
            return folder?.Names ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(e.Message);
            return [];
        }
    }

    // What the folder held at a time, which is the wall clock's because that of files is.
    private sealed record Reading(DateTime ChangedAt, DateTime At, IReadOnlyList<NamedToken> Tokens, IReadOnlyList<string> Problems);
}

/// <summary>What a presented token is.</summary>
/// <param name="Principal">The name that jobs and log lines carry; null when it is no token.</param>
/// <param name="Scopes">What whoever has it may do.</param>
/// <param name="IsExpired">Whether it was one, until its time was over.</param>
internal sealed record TokenMatch(string? Principal, ScopeSet Scopes, bool IsExpired)
{
    /// <summary>No token.</summary>
    internal static readonly TokenMatch None = new(Principal: null, ScopeSet.None, IsExpired: false);

    /// <summary>The daemon's own token.</summary>
    internal static readonly TokenMatch Own = new("token", ScopeSet.Everything, IsExpired: false);
}
