using System.Globalization;
using Kuid.Jobd.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Kuid.Jobd.Api.Parameters;

/// <summary>
/// The <c>id:</c> of an event of all jobs: <c>RUN.NUMBER</c>, where RUN stands for this run of the daemon, which alone has the
/// numbers, so that an id from before a restart is known to be one.
/// </summary>
internal sealed class ChangeEventId
{
    private const int RunDigits = 16;

    // Sixty-odd random bits tell runs apart; nothing hangs on nobody guessing them.
    private readonly string _run = Guid.NewGuid().ToString("N")[^RunDigits..];

    /// <summary>The id of the event with a number.</summary>
    internal string Of(long number) => string.Create(CultureInfo.InvariantCulture, $"{_run}.{number}");

    /// <summary>The number after which a client goes on.</summary>
    /// <param name="last">The newest number: where a client begins that says nothing.</param>
    /// <returns>Null when the id is from another run of the daemon.</returns>
    /// <exception cref="ProblemException">No event can have had this id.</exception>
    internal long? Resume(HttpContext context, long last)
    {
        string text = context.Request.Headers[JobEventId.Header].ToString();
        if (text.Length == 0)
        {
            return last;
        }

        return text.Split('.') is [{ Length: RunDigits } run, var digits] && run.All(char.IsAsciiHexDigitLower)
            && JobEventId.Number(digits) is { } number && (run != _run || number <= last)
                ? run == _run ? number : null
                : throw ProblemException.Parameter(JobEventId.Header, "the id of an event is allowed, as it came");
    }
}
