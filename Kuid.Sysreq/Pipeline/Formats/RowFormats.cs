using System.Buffers;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>The formats that there are, by name.</summary>
public static class RowFormats
{
    private static readonly (string Name, string Meaning, Func<IBufferWriter<byte>, RowFormat> Create)[] All =
    [
        ("json", "one array on one line", output => new JsonFormat(output)),
        ("jsonl", "a JSON object a line", output => new JsonLinesFormat(output)),
        ("ruby", "the columns as [:a, :b], then an array a line, as Ruby prints them", output => new RubyFormat(output)),
        ("table", "aligned columns, for people", output => new TableFormat(output)),
        ("text", "a row a line, values separated by tabs, no header, nothing escaped", output => new TextFormat(output)),
        ("tsv", "a header line, then a row a line; tab, line end and backslash as \\t, \\n, \\r, \\\\, null as \\N", output => new TsvFormat(output)),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>Their names, each with what it looks like.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Meanings { get; } = [.. All.Select(format => (format.Name, format.Meaning))];

    /// <summary>A format that writes to a buffer; null when there is none of this name.</summary>
    public static RowFormat? Create(string name, IBufferWriter<byte> output) =>
        Array.Find(All, format => format.Name == name).Create?.Invoke(output);
}
