using System.CommandLine;
using System.Globalization;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Verbs;

/// <summary>The operands and options that several verbs share, and the reading of their values.</summary>
internal static class Operands
{
    /// <summary>One job.</summary>
    internal static Argument<string> Id() => new("ID") { Description = "The job's number." };

    /// <summary>Some jobs.</summary>
    internal static Argument<string[]> Ids() => new("ID") { Description = "The jobs' numbers.", Arity = ArgumentArity.OneOrMore };

    /// <summary><c>-o</c>.</summary>
    /// <param name="usual">What happens without it, for the help.</param>
    internal static Option<string?> Output(string usual) => new("--output", "-o")
    {
        Description = $"How to print: table, json, ndjson or id. Default: {usual}.",
        HelpName = "FORMAT",
    };

    /// <summary>Reads a job's number.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static long ReadId(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0
            ? id
            : throw new UsageException($"\"{text}\" is no job's number");

    /// <summary>Reads the format.</summary>
    /// <returns>The format, or null when there was no <c>-o</c>.</returns>
    /// <exception cref="UsageException">There is no such format.</exception>
    internal static OutputFormat? ReadFormat(string? text) => text switch
    {
        null => null,
        "table" => OutputFormat.Table,
        "json" => OutputFormat.Json,
        "ndjson" => OutputFormat.Ndjson,
        "id" => OutputFormat.Id,
        _ => throw new UsageException($"--output \"{text}\": allowed: table, json, ndjson, id"),
    };

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
