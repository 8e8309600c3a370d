using System.CommandLine;
using System.CommandLine.Completions;
using Kuid.Cli.Verbs;

namespace Kuid.Cli.Completions;

/// <summary>What may stand in place of the last word of a command line; the others are there.</summary>
/// <param name="Items">The candidates.</param>
/// <param name="Otherwise">What the shell itself is to offer, as the scripts understand it; null for nothing.</param>
internal sealed record Completer(IReadOnlyList<CompletionItem> Items, string? Otherwise = null)
{
    /// <summary>Files and folders.</summary>
    internal const string Files = ":files";

    /// <summary>Programs.</summary>
    internal const string Commands = ":commands";

    private const string EndOfOptions = "--";
    private static readonly string[] FileNames = ["FILE", "PATH", "DIR"];

    /// <summary>Completes a line.</summary>
    /// <param name="words">The words behind the program's name; the last is the one to complete, and may be empty.</param>
    internal static Completer Of(RootCommand root, IReadOnlyList<string> words)
    {
        List<string> line = Joined(words);
        Completer all = OfLine(root, line);
        return all with { Items = [.. all.Items.Where(item => item.Label.StartsWith(line[^1], StringComparison.Ordinal))] };
    }

    private static Completer OfLine(RootCommand root, List<string> line)
    {
        CompletionContext context = root.Parse(line).GetCompletionContext();
        Command command = root;
        int operands = 0;
        for (int i = 0; i < line.Count - 1; i++)
        {
            string word = line[i];
            if (word == EndOfOptions)
            {
                return OfOperand(command, operands + line.Count - i - 2, context);
            }

            if (word.StartsWith('-') && word.Length > 1)
            {
                Option? option = OptionsOf(root, command).FirstOrDefault(one => one.Name == word || one.Aliases.Contains(word));
                if (TakesValue(option) && i++ == line.Count - 2)
                {
                    return OfValue(option!, string.Empty, context);
                }
            }
            else if (command.Subcommands.FirstOrDefault(verb => verb.Name == word) is { } verb)
            {
                command = verb;
            }
            else if (command is Verb { TakesCommand: true } taker && operands == taker.OperandsBeforeCommand)
            {
                return OfOperand(command, operands + line.Count - i - 1, context);
            }
            else
            {
                operands++;
            }
        }

        return OfLast(root, command, operands, line[^1], context);
    }

    private static Completer OfLast(RootCommand root, Command command, int operands, string word, CompletionContext context)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (word.StartsWith('-') && equals > 0)
        {
            Option? option = OptionsOf(root, command).FirstOrDefault(one => one.Name == word[..equals]);
            return option is null ? new Completer([]) : OfValue(option, word[..(equals + 1)], context);
        }

        if (word.StartsWith('-'))
        {
            return new Completer([.. OptionsOf(root, command).Where(option => !option.Hidden).Select(option => Item(option.Name, option.Description))]);
        }

        if (command.Subcommands.Count > 0 && operands > 0)
        {
            return new Completer([]);
        }

        return command.Subcommands.Count > 0
            ? new Completer([.. command.Subcommands.Where(verb => !verb.Hidden).Select(verb => Item(verb.Name, (verb as Verb)?.Summary))])
            : OfOperand(command, operands, context);
    }

    private static Completer OfValue(Option option, string prefix, CompletionContext context) => new(
        [.. option.GetCompletions(context).Select(item => new CompletionItem(prefix + item.Label, detail: item.Detail))],
        FileNames.Contains(option.HelpName, StringComparer.Ordinal) ? Files : null);

    private static Completer OfOperand(Command command, int index, CompletionContext context)
    {
        if (command is Verb { TakesCommand: true } taker && index >= taker.OperandsBeforeCommand)
        {
            return index > taker.OperandsBeforeCommand ? new Completer([], Files)
                : taker.TakesService ? new Completer([.. Candidates.Services(context)])
                : new Completer([], Commands);
        }

        Argument? argument = index < command.Arguments.Count
            ? command.Arguments[index]
            : command.Arguments.LastOrDefault(last => last.Arity.MaximumNumberOfValues > 1);
        return argument is null
            ? new Completer([])
            : new Completer([.. argument.GetCompletions(context)], FileNames.Contains(argument.Name, StringComparer.Ordinal) ? Files : null);
    }

    private static IEnumerable<Option> OptionsOf(RootCommand root, Command command) =>
        command == root ? root.Options : [.. command.Options, .. root.Options.Where(option => option.Recursive)];

    private static bool TakesValue(Option? option) => option is { Arity.MaximumNumberOfValues: > 0 } && option.ValueType != typeof(bool);

    // The first sentence says what it is.
    private static CompletionItem Item(string word, string? description) => new(word, detail: description?.Split(". ")[0].TrimEnd('.'));

    // bash makes three words of --name=value.
    private static List<string> Joined(IReadOnlyList<string> words)
    {
        var line = new List<string>();
        for (int i = 0; i < words.Count; i++)
        {
            bool isValue = words[i] == "=" && line.Count > 0 && line[^1].StartsWith("--", StringComparison.Ordinal);
            if (isValue)
            {
                line[^1] += "=" + (i + 1 < words.Count ? words[++i] : string.Empty);
            }
            else
            {
                line.Add(words[i]);
            }
        }

        return line.Count > 0 ? line : [string.Empty];
    }
}
