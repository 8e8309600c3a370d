using System.CommandLine;
using Kuid.Cli.Verbs;

namespace Kuid.Cli;

/// <summary>
/// The command line before System.CommandLine sees it. Two things it does not do are done here. What follows the first operand
/// of <c>run</c> and <c>submit</c> belongs to the command, as with ssh(1) and env(1): <c>kuid run grep -n x</c> is not kuid's
/// <c>-n</c>; so a <c>--</c> is put in front of it. What follows the <c>-f FILE</c> of <c>eval</c> belongs to the script, as with sh(1),
/// and is taken off. And a mistyped option is an error with a hint, not an operand.
/// </summary>
/// <param name="Arguments">The words for the parser.</param>
/// <param name="Verb">The verb; null when there is none.</param>
internal sealed record Words(IReadOnlyList<string> Arguments, Verb? Verb)
{
    private const string EndOfOptions = "--";

    /// <summary>Takes the command line.</summary>
    /// <param name="args">Argv without the program's name.</param>
    /// <param name="root">The verbs and options there are.</param>
    /// <exception cref="UsageException">An option or the verb does not exist, or there is none.</exception>
    internal static Words Of(IReadOnlyList<string> args, RootCommand root)
    {
        Command command = root;
        List<Option> options = [.. root.Options];
        int operands = 0;
        for (int i = 0; i < args.Count; i++)
        {
            string word = args[i];
            if (word == EndOfOptions)
            {
                break;
            }

            if (word.StartsWith('-') && word.Length > 1)
            {
                Option option = Find(options, word, PathOf(command));
                bool takesNextWord = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool) && !HasValue(word);
                i += takesNextWord ? 1 : 0;
                if (command is Verb { ScriptOption: { } script } verb && script == option && i < args.Count)
                {
                    verb.ScriptArguments = [.. args.Skip(i + 1)];
                    return new Words([.. args.Take(i + 1)], verb);
                }
            }
            else if (command.Subcommands.Count > 0)
            {
                command = command.Subcommands.FirstOrDefault(verb => verb.Name == word)
                    ?? throw new UsageException($"there is no verb \"{word}\"{HintOf(word, command)}") { Verb = PathOf(command) };
                options = [.. root.Options.Where(option => option.Recursive), .. command.Options];
            }
            else if (command is Verb { TakesCommand: true } taker && operands++ == taker.OperandsBeforeCommand)
            {
                return new Words([.. args.Take(i), EndOfOptions, .. args.Skip(i)], (Verb)command);
            }
        }

        return command.Subcommands.Count == 0 || args.Any(word => word.StartsWith('-'))
            ? new Words(args, command as Verb)
            : throw new UsageException("what shall it do? The verbs are " + string.Join(", ", NamesIn(command))) { Verb = PathOf(command) };
    }

    // A group has few enough verbs to say them all; those of kuid itself are a screenful.
    private static string HintOf(string word, Command group) =>
        Nearest.Hint(word, NamesIn(group)) is { Length: > 0 } hint ? hint
        : group is Verb ? "; the verbs are " + string.Join(", ", NamesIn(group))
        : string.Empty;

    private static IEnumerable<string> NamesIn(Command command) => command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name);

    private static string? PathOf(Command command) => (command as Verb)?.Path;

    private static Option Find(List<Option> options, string word, string? verb)
    {
        string name = HasValue(word) ? word[..word.AsSpan().IndexOfAny('=', ':')] : word;
        return options.FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name))
            ?? throw new UsageException($"unknown option {name}{Nearest.Hint(name, options.Select(option => option.Name))}") { Verb = verb };
    }

    private static bool HasValue(string word) => word.AsSpan().IndexOfAny('=', ':') > 0;
}
