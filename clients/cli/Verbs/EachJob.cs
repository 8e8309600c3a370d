using Kuid.Cli.Api;

namespace Kuid.Cli.Verbs;

/// <summary>The same for each of some jobs: one that is refused does not spare the others.</summary>
internal static class EachJob
{
    /// <summary>Does it to each in turn, and says of each refusal whose it is.</summary>
    /// <returns>The exit code: success only if all were.</returns>
    internal static async Task<int> DoAsync(IEnumerable<long> ids, Func<long, Task> act)
    {
        int code = ExitCode.Ok;
        foreach (long id in ids)
        {
            try
            {
                await act(id);
            }
            catch (ProblemException e)
            {
                Talk.Line(e.Message);
                code = e.ExitCode;
            }
        }

        return code;
    }
}
