using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuid.Cli.Api;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Printing;

/// <summary>Jobs on standard output, in the format that was asked for.</summary>
internal static class JobPrinter
{
    // Relaxed, because this JSON never stands in a web page, and a person wants to read "ä" and "'"; control characters stay escaped.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Indented = Compact with { Indented = true };

    /// <summary>Prints a list: a table, an array, lines.</summary>
    internal static void PrintList(IReadOnlyList<Job> jobs, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Json:
                PrintArray(jobs);
                break;
            case OutputFormat.Table:
                Print(JobTable.Of(jobs, TerminalTable.ForStdout()));
                break;
            default:
                foreach (Job job in jobs)
                {
                    PrintOne(job, format);
                }

                break;
        }
    }

    /// <summary>Prints one job: a table of its members, a document, a line.</summary>
    internal static void PrintOne(Job job, OutputFormat format)
    {
        switch (format)
        {
            case OutputFormat.Id:
                Print(string.Create(CultureInfo.InvariantCulture, $"{job.Id}\n"));
                break;
            case OutputFormat.Table:
                Print(MemberTable.Of(job, TerminalTable.ForStdout()));
                break;
            default:
                PrintJson(job.Document.WriteTo, format == OutputFormat.Json ? Indented : Compact);
                break;
        }
    }

    /// <summary>Prints text as it is.</summary>
    internal static void Print(string text) => Descriptor.Write(Descriptor.Stdout, Encoding.UTF8.GetBytes(text));

    private static void PrintArray(IReadOnlyList<Job> jobs) => PrintJson(
        writer =>
        {
            writer.WriteStartArray();
            foreach (Job job in jobs)
            {
                job.Document.WriteTo(writer);
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
