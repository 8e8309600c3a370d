using Kuid.Jobd.Api.Parameters;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Access;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Tests;

/// <summary>Whose sessions somebody sees.</summary>
public sealed class SessionOwnerSpecs
{
    [Theory]
    [InlineData("uid:1000", false, "uid:1000", true)]
    [InlineData("uid:1000", false, "uid:1001", false)]
    [InlineData("uid:1000", false, "token", false)]
    [InlineData("uid:0", true, "uid:1001", true)]
    public void A_session_is_seen_by_its_owner_and_by_administrators(string asker, bool isAdmin, string owner, bool isSeen)
    {
        var context = new DefaultHttpContext { User = Principals.Of(asker, isAdmin ? ScopeSet.Everything : ScopeSet.Running) };

        SessionId.IsVisible(context, owner).Should().Be(isSeen);
    }
}
