using System.Security.Claims;
using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Whose sessions somebody sees: the doors that there are give every scope, so that no request shows the difference.</summary>
public sealed class SessionOwnerSpecs
{
    [Theory]
    [InlineData("uid:1000", false, "uid:1000", true)]
    [InlineData("uid:1000", false, "uid:1001", false)]
    [InlineData("uid:1000", false, "token", false)]
    [InlineData("uid:0", true, "uid:1001", true)]
    public void A_session_is_seen_by_its_owner_and_by_administrators(string asker, bool isAdmin, string owner, bool isSeen)
    {
        var identity = new ClaimsIdentity("test");
        identity.AddClaim(new Claim(identity.NameClaimType, asker));
        identity.AddClaims(Enum.GetNames<Scope>().Where(scope => isAdmin || scope != nameof(Scope.Admin)).Select(scope => new Claim(Principals.ScopeClaim, scope)));

        SessionId.IsVisible(new DefaultHttpContext { User = new ClaimsPrincipal(identity) }, owner).Should().Be(isSeen);
    }
}
