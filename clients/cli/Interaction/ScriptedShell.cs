using Kuid.Cli.Hosts;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Interaction;

/// <summary>The shell whose lines come from a file or a pipe: what they say is evaluated as soon as it is whole.</summary>
/// <param name="host">Where.</param>
/// <param name="format">How rows are printed.</param>
internal sealed class ScriptedShell(Host host, string format)
{
    /// <summary>Reads to the end of standard input, to <c>exit</c>, or to what is no script or cannot be evaluated.</summary>
    /// <returns>kuid's exit code.</returns>
    internal async Task<int> RunAsync()
    {
        await using var session = new ShellSession(host, format);
        await session.ConnectAsync(CancellationToken.None);
        var lines = new LineInput();
        string text = string.Empty;
        while (session.ExitStatus is null)
        {
            string? line = lines.Next();
            text += line is null ? string.Empty : line + "\n";
            if (line is not null && !Source.IsComplete(text))
            {
                continue;
            }

            if (line is null && text.Length == 0)
            {
                return session.Status;
            }

            if (Source.Parse(text) is not { } script)
            {
                return ExitCode.Usage;
            }

            if (!await session.EvaluateAsync(script, CancellationToken.None))
            {
                return session.Status;
            }

            text = string.Empty;
        }

        return session.ExitStatus.Value;
    }
}
