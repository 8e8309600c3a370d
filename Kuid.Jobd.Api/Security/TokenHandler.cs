using System.Text.Encodings.Web;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kuid.Jobd.Api.Security;

/// <summary>Says who asks: on the Unix socket the peer's user, which the kernel vouches for, on TCP whoever has the token.</summary>
internal sealed class TokenHandler(
    AccessTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    /// <summary>The name of the scheme.</summary>
    internal new const string Scheme = "kuid";

    private const string Prefix = "Bearer ";

    // What the base has to say of each request without a token is said here in the daemon's own words, or not worth a line.
    private readonly ILogger _log = log.CreateLogger<TokenHandler>();

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        bool wrong = Request.Headers.Authorization.Count > 0;
        if (wrong)
        {
            Log.Refused(_log, Principals.OfPeer(Context), "a token that is not the daemon's");
        }

        Response.Headers.WWWAuthenticate = wrong ? "Bearer realm=\"kuid\", error=\"invalid_token\"" : "Bearer realm=\"kuid\"";
        return ProblemWriter.WriteAsync(
            Context,
            ProblemCode.Unauthorized,
            wrong ? "the token is not the daemon's" : "this needs the daemon's token: Authorization: Bearer TOKEN");
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
        if (Context.Features.Get<Peer>() is { IsTrusted: true })
        {
            return Success(Principals.OfUser(Context));
        }

        StringValues authorization = Request.Headers.Authorization;
        if (authorization.Count == 0)
        {
            return AuthenticateResult.NoResult();
        }

        return authorization.Count == 1
            && authorization.ToString() is var header
            && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && tokens.Find(header.AsSpan(Prefix.Length).Trim(' ')) is { } grant
                ? Success(Principals.OfToken(grant))
                : AuthenticateResult.Fail("not the token");
    }

    private static AuthenticateResult Success(System.Security.Claims.ClaimsPrincipal principal) =>
        AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme));
}

/// <summary>The scope that an operation needs, for those who read its metadata.</summary>
internal sealed record RequiredScope(Scope Scope);
