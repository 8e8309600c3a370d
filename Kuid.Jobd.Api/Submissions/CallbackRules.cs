using Kuid.Jobd.Api.Models;
using Kuid.Jobd.Core.Callbacks;

namespace Kuid.Jobd.Api.Submissions;

/// <summary>Where the end of a job may be posted.</summary>
internal static class CallbackRules
{
    internal static void Check(JobSubmission submission, CallbackTargets callbacks, Mistakes mistakes)
    {
        if (submission.CallbackUrl is not { } url)
        {
            return;
        }

        try
        {
            if (callbacks.Find(url) is null)
            {
                mistakes.Add("/callbackUrl", $"it is not allowed; {callbacks}");
            }
        }
        catch (FormatException e)
        {
            mistakes.Add("/callbackUrl", e.Message);
        }
    }
}
