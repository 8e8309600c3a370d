using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using Kuid.Cli.Completions;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary>The operands and options that several verbs share, and the reading of their values.</summary>
internal static class Operands
{
    /// <summary>The words of <c>-o</c>.</summary>
    internal static readonly string[] Formats = ["table", "json", "ndjson", "id"];

    /// <summary>One job.</summary>
    internal static Argument<string> Id() => WithCandidates(new Argument<string>("ID") { Description = "The job's number." }, Candidates.Jobs);

    /// <summary>Some jobs.</summary>
    /// <param name="orFilter">Whether they can be named by a filter too.</param>
    internal static Argument<string[]> Ids(bool orFilter = false) => WithCandidates(
        new Argument<string[]>("ID")
        {
            Description = "The jobs' numbers.",
            Arity = orFilter ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore,
        },
        Candidates.Jobs);

    /// <summary>One thing that has a name.</summary>
    internal static Argument<string> Name(string description, Func<CompletionContext, IEnumerable<CompletionItem>> candidates) =>
        WithCandidates(new Argument<string>("NAME") { Description = description }, candidates);

    /// <summary>Some things that have names.</summary>
    internal static Argument<string[]> Names(string description, Func<CompletionContext, IEnumerable<CompletionItem>> candidates) =>
        WithCandidates(new Argument<string[]>("NAME") { Description = description, Arity = ArgumentArity.OneOrMore }, candidates);

    /// <summary><c>-o</c>.</summary>
    /// <param name="usual">What happens without it, for the help.</param>
    internal static Option<string?> Output(string usual) => OneOf("--output", "-o", "FORMAT", "How to print", usual, Formats);

    /// <summary>An option whose value is one of some words; <see cref="ReadWord"/> reads it.</summary>
    internal static Option<string?> OneOf(string name, string? alias, string help, string description, string usual, string[] allowed)
    {
        var option = new Option<string?>(name, alias is null ? [] : [alias])
        {
            Description = $"{description}: {string.Join(", ", allowed[..^1])} or {allowed[^1]}. Default: {usual}.",
            HelpName = help,
        };
        option.CompletionSources.Add(allowed);
        return option;
    }

    /// <summary>Reads one of some words.</summary>
    /// <exception cref="UsageException">It is none of them.</exception>
    internal static string? ReadWord(string option, string? text, string[] allowed) =>
        text is null || allowed.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new UsageException($"{option} \"{text}\": allowed: {string.Join(", ", allowed)}");

    /// <summary>An operand with what completion offers for it.</summary>
    internal static Argument<T> WithCandidates<T>(Argument<T> argument, Func<CompletionContext, IEnumerable<CompletionItem>> candidates)
    {
        // Without a name of its own the help would list the candidates, and so ask the daemon.
        argument.HelpName = argument.Name;
        argument.CompletionSources.Add(candidates);
        return argument;
    }

    /// <summary>Reads a job's number.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static long ReadId(string text) => ReadId(text, "job");

    /// <summary>Reads a number of something.</summary>
    /// <param name="what">Of what.</param>
    /// <exception cref="UsageException">It is none.</exception>
    internal static long ReadId(string text, string what) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0
            ? id
            : throw new UsageException($"\"{text}\" is no {what}'s number");

    /// <summary>Reads the format.</summary>
    /// <returns>The format, or null when there was no <c>-o</c>.</returns>
    /// <exception cref="UsageException">There is no such format.</exception>
    internal static OutputFormat? ReadFormat(string? text) =>
        ReadWord("--output", text, Formats) is { } word ? (OutputFormat)Array.IndexOf(Formats, word) : null;

    /// <summary>Reads a whole number.</summary>
    /// <exception cref="UsageException">It is none, or out of the range.</exception>
    internal static long? ReadNumber(string option, string? text, long least, long most)
    {
        if (text is null)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n) && n >= least && n <= most
            ? n
            : throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"{option} \"{text}\": allowed: a whole number from {least} to {most}"));
    }

    /// <summary>Reads <c>KEY=VALUE</c> pairs; the last of a key wins.</summary>
    /// <param name="alone">What a key without a value gets; null when that is an error.</param>
    /// <exception cref="UsageException">One is no pair.</exception>
    internal static Dictionary<string, string>? ReadPairs(string option, string[]? texts, Func<string, string?>? alone = null)
    {
        if (texts is null or [])
        {
            return null;
        }

        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals == 0 || text.Length == 0 || (equals < 0 && alone is null))
            {
                throw new UsageException($"{option} \"{text}\": allowed: KEY=VALUE");
            }

            if (equals > 0)
            {
                pairs[text[..equals]] = text[(equals + 1)..];
            }
            else
            {
                pairs[text] = alone!(text) ?? throw new UsageException($"{option} {text}: is not set here, so there is nothing to pass on");
            }
        }

        return pairs;
    }
}
