using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Kuid.Cli.Printing;
using Kuid.Cli.Streams;
using Kuid.Cli.Verbs;

namespace Kuid.Cli;

/// <summary>Words to a verb, the verb's end to an exit code.</summary>
internal static class Program
{
    // Longer lines are hard to read, and a pipe has no width of its own.
    private const int WidestHelp = 120;

    private static async Task<int> Main(string[] args)
    {
        // Up to three threads block in read and write while the HTTP client needs others; the pool would add them only slowly.
        ThreadPool.SetMinThreads(workerThreads: 8, completionPortThreads: 1);
        RootCommand root = CommandTree.Create(args);
        string? verb = null;
        try
        {
            Words words = Words.Of(args, root);
            verb = words.Verb?.Path;
            words.Verb?.Elaborate();
            return await InvokeAsync(root, words);
        }
        catch (UsageException e)
        {
            return Misused(e.Verb ?? verb, e.Message);
        }
        catch (FailureException e)
        {
            Talk.Line(e.Message);
            return e.ExitCode;
        }
        catch (ReaderGoneException)
        {
            return ExitCode.ReaderGone;
        }
    }

    private static async Task<int> InvokeAsync(RootCommand root, Words words)
    {
        // Left to itself the help asks .NET's console for the width, and that sends a control sequence to the terminal.
        int columns = Descriptor.Columns(Descriptor.Stdout);
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpAction { MaxWidth = columns > 0 ? Math.Min(columns, WidestHelp) : WidestHelp };
        }

        // A word may begin with '@', which would be a response file.
        ParseResult result = root.Parse(
            words.Arguments, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });

        // Its actions are --help and --version, which are right in whatever company.
        if (result.Errors is [ParseError error, ..] && result.Action is not (HelpAction or { ClearsParseErrors: true }))
        {
            throw new UsageException(Complaint(result, error));
        }

        using var text = new StringWriter { NewLine = "\n" };
        int code = await result.InvokeAsync(new InvocationConfiguration
        {
            Output = text,
            EnableDefaultExceptionHandler = false,

            // Signals are the verbs' own affair.
            ProcessTerminationTimeout = null,
        });
        Printer.Print(text.ToString());
        return code;
    }

    // The parser's own sentences speak of commands and symbols.
    private static string Complaint(ParseResult result, ParseError error) => (result.UnmatchedTokens, error.SymbolResult) switch
    {
        ([string extra, ..], _) => $"\"{extra}\" is one word too many",
        (_, OptionResult option) => $"{option.Option.Name} needs a value",
        (_, ArgumentResult argument) => $"{argument.Argument.Name} is missing",
        (_, CommandResult { Command.Subcommands.Count: > 0 }) => "there is no verb",
        (_, CommandResult command) => $"{command.Command.Arguments.FirstOrDefault()?.Name ?? "a word"} is missing",
        _ => error.Message.TrimEnd('.'),
    };

    private static int Misused(string? verb, string message)
    {
        Talk.Line(verb is null ? $"{message}; see kuid --help" : $"{verb}: {message}; see kuid {verb} --help");
        return verb == Run.Name ? ExitCode.Failure : ExitCode.Usage;
    }
}
