using System.CommandLine;
using Kuid.Cli.Api;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid logs</c>: what jobs have written, each stream to its own.</summary>
internal static class Logs
{
    private const string Details =
        "Its stdout goes to stdout, its stderr to stderr, byte for byte. Of several jobs there are lines, each with the number of its job and a "
        + "colon in front, as they come when they are followed and job by job otherwise.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Argument<string[]> ids = Operands.Ids();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the jobs end." };
        var stdout = new Option<bool>("--stdout") { Description = "Only standard output." };
        var stderr = new Option<bool>("--stderr") { Description = "Only standard error." };
        var tail = new Option<string?>("--tail") { Description = "Only the last N bytes of each stream.", HelpName = "N" };
        var verb = new Verb("logs", "Print what jobs have written.", Details)
        {
            Arguments = { ids },
            Options = { follow, stdout, stderr, tail },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            long[] numbers = [.. words.GetRequiredValue(ids).Select(Operands.ReadId)];
            long? bytes = Operands.ReadNumber("--tail", words.GetValue(tail), 0, long.MaxValue);
            bool both = words.GetValue(stdout) == words.GetValue(stderr), follows = words.GetValue(follow);
            int[] descriptors =
            [
                .. new[] { Descriptor.Stdout, Descriptor.Stderr }.Where(fd => both || words.GetValue(fd == Descriptor.Stdout ? stdout : stderr)),
            ];
            using DaemonClient daemon = daemonOptions.Open(words);
            if (numbers is [var number])
            {
                await AllOf(descriptors.Select(fd => OutputCopy.RunAsync(daemon, number, fd, follows, bytes, cancellation)), cancellation);
                return ExitCode.Ok;
            }

            Task<int> OfOne(long id) => Each.DoAsync([id], one => AllOf(
                descriptors.Select(fd => OutputCopy.RunLinesAsync(daemon, one, fd, follows, bytes, cancellation)), cancellation));
            return follows ? (await Task.WhenAll(numbers.Select(OfOne))).Max() : await InTurn(numbers, OfOne);
        });
        return verb;
    }

    private static async Task<int> InTurn(long[] ids, Func<long, Task<int>> act)
    {
        int code = ExitCode.Ok;
        foreach (long id in ids)
        {
            code = Math.Max(code, await act(id));
        }

        return code;
    }

    // The first that fails ends all: when nobody reads the one any more, the other may go on for ever.
    private static async Task AllOf(IEnumerable<Task> copies, CancellationToken cancellation)
    {
        await foreach (Task copy in Task.WhenEach(copies).WithCancellation(cancellation))
        {
            await copy;
        }
    }
}
