using System.CommandLine;
using System.Globalization;
using Kuid.Cli.Api;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;
using Microsoft.Win32.SafeHandles;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid submit</c>: leaves a job with the daemon and prints its id.</summary>
internal static class Submit
{
    internal const string Name = "submit";

    private const int MostInlineBytes = 1024 * 1024;
    private const string StandardInput = "-";
    private static readonly string[] StdinModes = ["none", "stream"];

    private const string Summary = "Submit a command as a job and print its id.";

    private const string Details =
        "The job runs when its queue has room, whether or not anybody waits.\n\n"
        + SubmissionOptions.EnvironmentNote + "\n\n"
        + "--pipeline submits a script of typed rows, as kuid eval has them; kuid result prints its rows.\n\n"
        + "A --stdin of up to 1 MiB travels with the submission. A longer one is sent while the job runs, and submit stays so long. "
        + "With --stdin-mode stream kuid stdin sends it later.";

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var options = new SubmissionOptions(inCurrentFolder: false);
        var stdin = new Option<string?>("--stdin") { Description = "The job's standard input, - for kuid's own. Default: none.", HelpName = "FILE" };
        Option<string?> stdinMode = Operands.OneOf("--stdin-mode", null, "MODE", "How its standard input comes", "as --stdin needs it", StdinModes);
        Option<string?> output = Operands.Output("id");
        var verb = new Verb(Name, Summary, Details) { TakesCommand = true };
        options.AddTo(verb, takesPipeline: true);
        verb.Options.Add(stdin);
        verb.Options.Add(stdinMode);
        verb.Options.Add(output);
        verb.SetAction(async (words, cancellation) =>
        {
            OutputFormat format = Operands.ReadFormat(words.GetValue(output)) ?? OutputFormat.Id;
            JobSubmission submission = options.Read(words);
            string? source = words.GetValue(stdin);
            if (source is not null && submission.Pipeline is not null)
            {
                throw new UsageException("--stdin is for commands; a pipeline has none");
            }

            string? mode = Operands.ReadWord("--stdin-mode", words.GetValue(stdinMode), StdinModes);
            if (mode is not null && source is not null)
            {
                throw new UsageException("--stdin-mode is for a job without --stdin");
            }

            using DaemonClient daemon = daemonOptions.Open(words);
            using SafeFileHandle? input = Open(source);
            byte[] head = input is null ? [] : ReadHead(input);
            bool streamed = head.Length > MostInlineBytes;
            Job job = await daemon.SubmitAsync(
                submission with
                {
                    StdinMode = input is null ? mode ?? "none" : streamed ? "stream" : "inline",
                    Stdin = input is null || streamed ? null : head,
                },
                cancellation);
            Printer.PrintOne(job, format);
            if (streamed)
            {
                await SendAsync(daemon, job.Id, head, input!, cancellation);
            }

            return ExitCode.Ok;
        });
        return verb;
    }

    private static SafeFileHandle? Open(string? file)
    {
        try
        {
            return file switch
            {
                null => null,
                StandardInput => new SafeFileHandle(Descriptor.Stdin, ownsHandle: false),
                _ => File.OpenHandle(file),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FailureException($"--stdin {file}: {e.Message}");
        }
    }

    // One byte more than fits inline tells that there is more.
    private static byte[] ReadHead(SafeFileHandle input)
    {
        byte[] head = new byte[MostInlineBytes + 1];
        int length = 0, n;
        while (length < head.Length && (n = Read(input, head.AsSpan(length))) > 0)
        {
            length += n;
        }

        return head[..length];
    }

    private static async Task SendAsync(
        DaemonClient daemon, long id, ReadOnlyMemory<byte> head, SafeFileHandle input, CancellationToken cancellation)
    {
        using var content = new StdinContent(buffer =>
        {
            if (head.IsEmpty)
            {
                return Read(input, buffer.Span);
            }

            int n = Math.Min(head.Length, buffer.Length);
            head[..n].CopyTo(buffer);
            head = head[n..];
            return n;
        });
        try
        {
            await daemon.PutStdinAsync(id, content, cancellation);
        }
        catch (ProblemException e) when (e.Code is "notrunning" or "closed")
        {
            Talk.Line(string.Create(CultureInfo.InvariantCulture, $"job {id} did not read all of its standard input"));
        }
    }

    private static int Read(SafeFileHandle input, Span<byte> buffer) => Descriptor.Read((int)input.DangerousGetHandle(), buffer);
}
