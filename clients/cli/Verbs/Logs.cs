using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid logs</c>: what a job has written, each stream to its own.</summary>
internal static class Logs
{
    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Argument<string> id = Operands.Id();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the job ends." };
        var stdout = new Option<bool>("--stdout") { Description = "Only standard output." };
        var stderr = new Option<bool>("--stderr") { Description = "Only standard error." };
        var tail = new Option<string?>("--tail") { Description = "Only the last N bytes of each stream.", HelpName = "N" };
        var verb = new Verb("logs", "Print what a job has written.", "Its stdout goes to stdout, its stderr to stderr, byte for byte.")
        {
            Arguments = { id },
            Options = { follow, stdout, stderr, tail },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            long number = Operands.ReadId(words.GetRequiredValue(id));
            long? bytes = Operands.ReadNumber("--tail", words.GetValue(tail), 0, long.MaxValue);
            bool both = words.GetValue(stdout) == words.GetValue(stderr);
            using DaemonClient daemon = daemonOptions.Open(words);
            List<Task> copies =
            [
                .. new[] { Descriptor.Stdout, Descriptor.Stderr }
                    .Where(fd => both || words.GetValue(fd == Descriptor.Stdout ? stdout : stderr))
                    .Select(fd => OutputCopy.RunAsync(daemon, number, fd, words.GetValue(follow), bytes, cancellation)),
            ];

            // The first that fails ends both: when nobody reads the one any more, the other may go on for ever.
            await foreach (Task copy in Task.WhenEach(copies).WithCancellation(cancellation))
            {
                await copy;
            }

            return ExitCode.Ok;
        });
        return verb;
    }
}
