using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes.Isolation;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>What a command may ask for as its isolation.</summary>
internal static class IsolationRules
{
    internal static void Check(CommandRequest request, IsolationPolicy policy, Mistakes mistakes)
    {
        const string Place = "/isolation";
        if (request.Isolation is not { } word)
        {
            return;
        }

        if (Words<IsolationProfile>.Parse(word) is not { } profile)
        {
            mistakes.Add(Place, $"it has to be one of {string.Join(", ", Words<IsolationProfile>.All)}");
        }
        else if (CommandRules.KindOf(request) == JobKind.Pipeline)
        {
            mistakes.Add(Place, "it is not allowed with the kind pipeline, which runs no process of the daemon's");
        }
        else if (policy.Refusal(profile) is { } refusal)
        {
            mistakes.Add(Place, refusal);
        }
    }
}
