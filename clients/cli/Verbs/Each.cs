using Kuid.Cli.Api;

namespace Kuid.Cli.Verbs;

/// <summary>The same for each of some operands: one that is refused does not spare the others.</summary>
internal static class Each
{
    /// <summary>Does it to each in turn, and says of each refusal why.</summary>
    /// <returns>The exit code: success only if all were.</returns>
    internal static async Task<int> DoAsync<T>(IEnumerable<T> operands, Func<T, Task> act)
    {
        int code = ExitCode.Ok;
        foreach (T operand in operands)
        {
            try
            {
                await act(operand);
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
