using System.CommandLine;
using System.Text;
using Kuid.Cli.Hosts;
using Kuid.Cli.Interaction;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid eval</c>: a pipeline or a script on a host, without a daemon.</summary>
internal static class Eval
{
    private const string StandardInput = "-";

    private const string Details =
        HostOperand.Help + "\n\n"
        + "PIPELINE is one word, in quotes. With -f the script is read from a file, from standard input for -, and the words after it "
        + "are its $1, $2 and so on; kuid's own options stand before -f.\n\n"
        + "Rows go to standard output as they come: on a terminal as a table, elsewhere as one JSON document a line. What are bytes and "
        + "no rows, a file's by cat or a program's by run, goes out as it is. Errors go to standard error.\n\n"
        + "Exit codes: the status of the last pipeline; 2 a syntax error, of which nothing has run, and wrong use; 125 kuid's own "
        + "failure: the host cannot be reached, the connection is lost; 130 Ctrl-C; 141 nobody reads the output any more.";

    /// <summary>The verb.</summary>
    internal static Verb Create()
    {
        var operands = new Argument<string[]>("[HOST] PIPELINE")
        {
            Description = "Where, and what: eval 'ps | head 3', eval web1 'ls /etc'.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var file = new Option<string?>("--file", "-f")
        {
            Description = "A script in place of PIPELINE; what follows FILE is the script's own.",
            HelpName = "FILE",
        };
        Option<string?> output = RowOutput.Option();
        var verb = new Verb("eval", "Evaluate a pipeline on a host.", Details)
        {
            Arguments = { operands },
            Options = { file, output },
            ScriptOption = file,
        };
        verb.SetAction(async (words, _) =>
        {
            string format = RowOutput.Read(words.GetValue(output));
            string? script = words.GetValue(file);
            (string host, string? pipeline) = Split(words.GetValue(operands) ?? [], isScript: script is not null);
            var target = new Host(HostOperand.Read(host));
            var parsed = pipeline is null ? Source.Parse(Read(script!), script == StandardInput ? "standard input" : script) : Source.Parse(pipeline);
            return parsed is null ? ExitCode.Usage : await Evaluation.RunAsync(target, parsed, verb.ScriptArguments, format);
        });
        return verb;
    }

    private static (string Host, string? Pipeline) Split(string[] operands, bool isScript) => operands switch
    {
        [] when isScript => (HostOperand.Local, null),
        [var host] when isScript => (host, null),
        _ when isScript => throw new UsageException($"\"{operands[1]}\" is one word too many; the script is in a file"),
        [] => throw new UsageException("PIPELINE is missing"),
        [var host] when HostOperand.IsOne(host) => throw new UsageException($"\"{host}\" is a host; PIPELINE is missing"),
        [var pipeline] => (HostOperand.Local, pipeline),
        [var host, var pipeline] => (host, pipeline),
        _ => throw new UsageException($"\"{operands[2]}\" is one word too many; a pipeline is one word, in quotes"),
    };

    private static string Read(string file)
    {
        try
        {
            byte[] bytes = file == StandardInput ? Descriptor.ReadAll(Descriptor.Stdin) : File.ReadAllBytes(file);
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"--file {file}: {e.Message}");
        }
        catch (DecoderFallbackException e)
        {
            throw new FailureException($"--file {file}: a script is UTF-8, and what stands at byte {e.Index} is not");
        }
    }
}
