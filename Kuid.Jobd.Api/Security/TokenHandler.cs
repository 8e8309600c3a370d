using System.Text.Encodings.Web;
using Kuid.Jobd.Api.Problems;
using Kuid.Jobd.Core.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kuid.Jobd.Api.Security;

/// <summary>Says who asks: on the Unix socket the peer's user, which the kernel vouches for, on TCP whoever has the token.</summary>
internal sealed class TokenHandler(
    AccessTokens tokens, AccessGate gate, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    /// <summary>The name of the scheme.</summary>
    internal new const string Scheme = "kuid";

    private const string Prefix = "Bearer ";

    // What the base has to say of each request without a token is said here in the daemon's own words, or not worth a line.
    private readonly ILogger _log = log.CreateLogger<TokenHandler>();

    // Whose token it was that came too late; only who has the token itself is told.
    private string? _expired;

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        bool wrong = Request.Headers.Authorization.Count > 0;
        if (wrong)
        {
            Log.Refused(_log, Principals.OfPeer(Context), _expired is { } whose ? $"{whose} has expired" : "a token that is not the daemon's");
        }

        Response.Headers.WWWAuthenticate = wrong ? "Bearer realm=\"kuid\", error=\"invalid_token\"" : "Bearer realm=\"kuid\"";
        return ProblemWriter.WriteAsync(
            Context,
            ProblemCode.Unauthorized,
            _expired is not null ? "the token has expired"
            : wrong ? "the token is not the daemon's"
            : "this needs the daemon's token: Authorization: Bearer TOKEN");
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        string? scope = Context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Scope.ToString().ToLowerInvariant();
        return ProblemWriter.WriteAsync(
            Context, ProblemCode.Forbidden, scope is null ? "nobody may do this" : $"this needs the scope {scope}, which {Principals.Of(Context)} has not");
    }

    private AuthenticateResult Authenticate()
    {
        if (Context.Features.Get<Peer>()?.AsCaller() is { } caller)
        {
            return Success(caller);
        }

        StringValues authorization = Request.Headers.Authorization;
        if (authorization.Count == 0)
        {
            return Context.Connection.ClientCertificate is { } certificate && CertificateName.Of(certificate) is { } name
                ? Success(new Caller(CallerKind.Certificate, name))
                : AuthenticateResult.NoResult();
        }

        TokenMatch found = authorization.Count == 1
            && authorization.ToString() is var header
            && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
                ? tokens.Find(header.AsSpan(Prefix.Length).Trim(' '))
                : TokenMatch.None;
        if (found is { Principal: { } principal, IsExpired: false })
        {
            return Success(new Caller(CallerKind.Token, principal) { OfToken = found.Scopes });
        }

        _expired = found.Principal;
        return AuthenticateResult.Fail("not the token");
    }

    private AuthenticateResult Success(in Caller caller) =>
        AuthenticateResult.Success(new AuthenticationTicket(Principals.Of(caller.Principal, gate.ScopesOf(caller)), Scheme));
}

/// <summary>The scope that an operation needs, for those who read its metadata.</summary>
internal sealed record RequiredScope(Scope Scope);
