using System.CommandLine;
using System.Globalization;
using Kuid.Cli.Api;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid stdin</c>: bytes for a job that was submitted to read them later.</summary>
internal static class Stdin
{
    private const string Details =
        "The job must have been submitted with --stdin-mode stream, and still run or wait. It gets kuid's standard input to its end, which is then "
        + "the end of its own unless --no-eof leaves it open for more. The bytes are behind those that the job has been sent already; --offset says "
        + "that they begin at another byte of the whole, and the daemon refuses any but the next.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        Argument<string> id = Operands.Id();
        var offset = new Option<string?>("--offset") { Description = "Which byte of the job's whole input the first one is, from 0.", HelpName = "N" };
        var noEof = new Option<bool>("--no-eof") { Description = "Leave the job's input open." };
        var verb = new Verb("stdin", "Send standard input to a job.", Details) { Arguments = { id }, Options = { offset, noEof } };
        verb.SetAction(async (words, cancellation) =>
        {
            long number = Operands.ReadId(words.GetRequiredValue(id));
            long? wanted = Operands.ReadNumber("--offset", words.GetValue(offset), 0, long.MaxValue);
            using DaemonClient daemon = daemonOptions.Open(words);
            long start = wanted ?? await StandsAtAsync(daemon, number, cancellation);
            using var content = new StdinContent(buffer => Descriptor.Read(Descriptor.Stdin, buffer.Span));
            try
            {
                await daemon.PutStdinAsync(number, content, cancellation, start, eof: !words.GetValue(noEof));
            }
            catch (ProblemException e) when (e.Code is "notrunning" or "closed" && e.Offset is { } received)
            {
                throw new FailureException(string.Create(CultureInfo.InvariantCulture, $"{e.Message}; it has been sent {received} bytes"));
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    // Nothing, at the beginning: the daemon takes it from a job that has been sent nothing, and tells of any other where it stands.
    private static async Task<long> StandsAtAsync(DaemonClient daemon, long id, CancellationToken cancellation)
    {
        try
        {
            using var nothing = new StdinContent(_ => 0);
            await daemon.PutStdinAsync(id, nothing, cancellation, offset: 0, eof: false);
            return 0;
        }
        catch (ProblemException e) when (e is { Code: "offset", Offset: { } offset })
        {
            return offset;
        }
    }
}
