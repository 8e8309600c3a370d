using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>Whether this machine has what strict needs, as far as can be seen without trying.</summary>
internal static class SandboxSupport
{
    /// <summary>Why strict cannot be had; null when nothing speaks against it.</summary>
    /// <param name="program">Where kuid-sandbox is to be.</param>
    /// <param name="whyNoUser">Why there is no other user to run as, or null.</param>
    internal static string? WhyNot(string program, string? whyNoUser)
    {
        if (!File.Exists(program))
        {
            return $"{program} is missing";
        }

        // Root without another user would be root within too, and read all that root may.
        return LibcFiles.EffectiveUserId() == 0 ? whyNoUser
            : Setting("user/max_user_namespaces") == "0" ? "this machine allows no user namespaces (user.max_user_namespaces)"
            : Setting("kernel/unprivileged_userns_clone") == "0" ? "this machine allows user namespaces to root only (kernel.unprivileged_userns_clone)"
            : null;
    }

    private static string? Setting(string name)
    {
        try
        {
            return File.ReadAllText("/proc/sys/" + name).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A kernel without the setting has not the restriction either.
            return null;
        }
    }
}
