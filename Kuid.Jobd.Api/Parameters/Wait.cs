using System.Globalization;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>How long an answer may be held: <c>?wait=N</c>, or the preference of RFC 7240.</summary>
internal static class Wait
{
    internal const string Parameter = "wait";

    private const int MostSeconds = 60;

    /// <summary>What the query says.</summary>
    internal static TimeSpan? Of(QueryParameters query) => query.Seconds(Parameter, MostSeconds);

    /// <summary>
    /// What <c>Prefer: respond-async, wait=N</c> says, never more than the most; null when it does not. Of several the first
    /// counts, as RFC 7240 has it, and other preferences are ignored.
    /// </summary>
    /// <exception cref="ProblemException">A wait that is no whole number of seconds.</exception>
    internal static int? Preferred(IHeaderDictionary headers)
    {
        foreach (string preference in headers.GetCommaSeparatedValues("Prefer"))
        {
            // Parameters of the preference may follow a semicolon; wait has none.
            string[] parts = preference.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
            if (!parts[0].Equals(Parameter, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            string value = parts.Length == 2 ? parts[1].Trim('"') : string.Empty;
            return value.Length > 0 && value.All(char.IsAsciiDigit)
                ? int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? Math.Min(seconds, MostSeconds) : MostSeconds
                : throw ProblemException.Parameter("Prefer", "wait=N takes a whole number of seconds");
        }

        return null;
    }
}
