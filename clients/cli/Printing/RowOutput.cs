using System.CommandLine;
using Kuid.Cli.Streams;
using Kuid.Sysreq.Pipeline.Formats;

namespace Kuid.Cli.Printing;

/// <summary><c>-o</c> of the verbs that print rows, and kuid's own streams for what they print.</summary>
internal static class RowOutput
{
    // kuid's words, and those of the language's "to". One stands for both but where kuid had another first.
    private static readonly Dictionary<string, string> Formats = new(StringComparer.Ordinal)
    {
        ["table"] = "table",
        ["json"] = "json",
        ["ndjson"] = "jsonl",
        ["tsv"] = "tsv",
        ["ruby"] = "ruby",
        ["text"] = "text",
    };

    /// <summary>The option.</summary>
    internal static Option<string?> Option() => new("--output", "-o")
    {
        Description = $"How to print rows: {string.Join(", ", Formats.Keys)}. Default: table on a terminal, ndjson elsewhere.",
        HelpName = "FORMAT",
    };

    /// <summary>The format that was asked for, or that standard output suggests, as the language calls it.</summary>
    /// <exception cref="UsageException">There is no such format.</exception>
    internal static string Read(string? text) => text is null
        ? Descriptor.IsTerminal(Descriptor.Stdout) ? "table" : "jsonl"
        : Formats.GetValueOrDefault(text) ?? throw new UsageException($"--output \"{text}\": allowed: {string.Join(", ", Formats.Keys)}");

    /// <summary>Rows to standard output, errors to standard error.</summary>
    internal static StreamSink Open(string format) => new(
        format,
        new DescriptorStream(Descriptor.Stdout),
        new DescriptorStream(Descriptor.Stderr),
        isTerminal: Descriptor.IsTerminal(Descriptor.Stdout));
}
