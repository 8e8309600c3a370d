using System.Text;

namespace Kuid.Jobd.Core.Processes.Isolation;

/// <summary>
/// The environment of an isolated job: of the daemon's what programs need to find each other and to speak the user's language, and
/// nothing else, for secrets of services are handed over in their environment.
/// </summary>
internal static class CleanEnvironment
{
    // What login(1) and env -i with a login shell leave, and what locale(7) reads.
    private static readonly string[] Usual =
    [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TZ", "TMPDIR", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_NUMERIC", "LC_TIME",
        "LC_COLLATE", "LC_MONETARY", "LC_MESSAGES", "LC_PAPER", "LC_NAME", "LC_ADDRESS", "LC_TELEPHONE", "LC_MEASUREMENT", "LC_IDENTIFICATION",
    ];

    /// <summary>The variables.</summary>
    /// <param name="inherited">Those of the daemon.</param>
    /// <param name="more">Names of further ones to keep.</param>
    /// <param name="user">Whom the variables about the user are to name; null for whom the daemon's do.</param>
    internal static IReadOnlyList<byte[]> Of(IReadOnlyList<byte[]> inherited, IEnumerable<string> more, JobUser? user)
    {
        var names = new HashSet<string>([.. Usual, .. more], StringComparer.Ordinal);
        List<byte[]> kept = [.. inherited.Where(variable => names.Contains(NameOf(variable)))];
        if (user is not null)
        {
            kept.RemoveAll(variable => NameOf(variable) is "HOME" or "USER" or "LOGNAME" or "SHELL");
            byte[] name = Encoding.UTF8.GetBytes(user.Name);
            kept.AddRange([[.. "HOME="u8, .. user.Home], [.. "USER="u8, .. name], [.. "LOGNAME="u8, .. name], [.. "SHELL="u8, .. user.Shell]]);
        }

        return kept;
    }

    private static string NameOf(byte[] variable) =>
        Encoding.Latin1.GetString(variable.AsSpan()[..Math.Max(0, variable.AsSpan().IndexOf((byte)'='))]);
}
