using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Printing;

/// <summary>Data on standard output: the daemon's documents in the format that was asked for, and text.</summary>
internal static class Printer
{
    // Relaxed, because this JSON never stands in a web page, and a person wants to read "ä" and "'"; control characters stay escaped.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = Compact with { Indented = true };

    /// <summary>Prints jobs.</summary>
    internal static void PrintList(IEnumerable<Job> jobs, OutputFormat format) =>
        PrintList([.. jobs.Select(job => job.Document)], JobListing.Listing, format);

    /// <summary>Prints a job.</summary>
    internal static void PrintOne(Job job, OutputFormat format) => PrintOne(job.Document, JobListing.Listing, format);

    /// <summary>Prints a list: a table, an array, lines.</summary>
    internal static void PrintList(IReadOnlyList<JsonElement> documents, Listing listing, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Json:
                PrintArray(documents);
                break;
            case OutputFormat.Table:
                Print(listing.Render(documents, TerminalTable.ForStdout()));
                break;
            default:
                foreach (JsonElement document in documents)
                {
                    PrintOne(document, listing, format);
                }

                break;
        }
    }

    /// <summary>Prints one: a table of its members, a document, a line.</summary>
    internal static void PrintOne(JsonElement document, Listing listing, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Id:
                Print($"{document.GetProperty(listing.Identity)}\n");
                break;
            case OutputFormat.Table:
                Print(MemberTable.Of(document, TerminalTable.ForStdout()));
                break;
            default:
                PrintJson(document.WriteTo, format == OutputFormat.Json ? Indented : Compact);
                break;
        }
    }

    /// <summary>Prints a document that kuid has put together.</summary>
    internal static void PrintDocument(ReadOnlyMemory<byte> json, bool indented)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        PrintJson(document.RootElement.WriteTo, indented ? Indented : Compact);
    }

    /// <summary>Prints text as it is.</summary>
    internal static void Print(string text) => Descriptor.Write(Descriptor.Stdout, Encoding.UTF8.GetBytes(text));

    private static void PrintArray(IReadOnlyList<JsonElement> documents) => PrintJson(
        writer =>
        {
            writer.WriteStartArray();
            foreach (JsonElement document in documents)
            {
                document.WriteTo(writer);
            }

            writer.WriteEndArray();
        },
        Indented);

    private static void PrintJson(Action<Utf8JsonWriter> write, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            write(writer);
        }

        buffer.Write("\n"u8);
        Descriptor.Write(Descriptor.Stdout, buffer.WrittenSpan);
    }
}
