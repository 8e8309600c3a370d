using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Kuid.Cli.Api;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary><c>kuid api</c>: any operation of the contract, byte for byte.</summary>
internal static class Api
{
    private const int BufferBytes = 64 * 1024;
    private const string Usual = "application/json";
    private const string StandardInput = "-";

    private const string Details =
        "The body of the answer goes to standard output as it is and as it comes, a refusal's too; then the exit code is 125. "
        + "A body is sent as application/json unless -H says otherwise.\n\n"
        + "Examples: kuid api GET '/v1/jobs?limit=1', kuid api POST /v1/jobs -d '{\"command\":\"uptime\"}', "
        + "kuid api PUT '/v1/jobs/7/stdin?eof=true' -H 'Content-Type: application/octet-stream' -f -";

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

    /// <summary>The verb.</summary>
    internal static Verb Create(DaemonOptions daemonOptions)
    {
        var method = new Argument<string>("METHOD") { Description = string.Join(", ", Methods) + "." };
        method.HelpName = method.Name;
        method.CompletionSources.Add(Methods);
        var path = new Argument<string>("PATH") { Description = "Path and query, beginning with a slash." };
        var data = new Option<string?>("--data", "-d") { Description = "The body.", HelpName = "TEXT" };
        var file = new Option<string?>("--file", "-f") { Description = "A file with the body, - for standard input.", HelpName = "FILE" };
        var header = new Option<string[]>("--header", "-H") { Description = "A header of the request; repeatable.", HelpName = "'NAME: VALUE'" };
        var include = new Option<bool>("--include", "-i") { Description = "Print the status and the headers of the answer first." };
        var verb = new Verb("api", "Send a request of one's own to the daemon.", Details)
        {
            Arguments = { method, path },
            Options = { data, file, header, include },
        };
        verb.SetAction(async (words, cancellation) =>
        {
            using DaemonClient daemon = daemonOptions.Open(words);
            using var request = new HttpRequestMessage(
                ReadMethod(words.GetRequiredValue(method)), new Uri(ReadPath(words.GetRequiredValue(path)), UriKind.Relative))
            {
                Content = ReadBody(words.GetValue(data), words.GetValue(file)),
            };
            foreach (string text in words.GetValue(header) ?? [])
            {
                AddHeader(request, text);
            }

            using HttpResponseMessage response = await daemon.RawAsync(request, cancellation);
            if (words.GetValue(include))
            {
                Descriptor.Write(Descriptor.Stdout, Encoding.Latin1.GetBytes(Head(response)));
            }

            await CopyAsync(daemon, response, cancellation);
            return response.IsSuccessStatusCode || (int)response.StatusCode is 304 ? ExitCode.Ok : ExitCode.Failure;
        });
        return verb;
    }

    private static HttpMethod ReadMethod(string word) => new(Operands.ReadWord("METHOD", word.ToUpperInvariant(), Methods)!);

    // Two slashes would be another host.
    private static string ReadPath(string path) => path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal)
        ? path
        : throw new UsageException($"PATH \"{path}\": allowed: /v1/jobs and the like");

    private static HttpContent? ReadBody(string? text, string? file)
    {
        HttpContent? content = (text, file) switch
        {
            (null, null) => null,
            (not null, not null) => throw new UsageException("--data and --file exclude each other"),
            (not null, _) => new ByteArrayContent(Encoding.UTF8.GetBytes(text)),
            (_, StandardInput) => new StdinContent(buffer => Descriptor.Read(Descriptor.Stdin, buffer.Span)),
            _ => new StreamContent(Open(file)),
        };
        if (content is not null)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue(Usual);
        }

        return content;
    }

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FailureException($"--file {file}: {e.Message}");
        }
    }

    private static void AddHeader(HttpRequestMessage request, string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string name = colon > 0 ? text[..colon] : string.Empty, value = text[(colon + 1)..].Trim();
        request.Content?.Headers.Remove(name is "" ? "-" : name);
        bool added = name.Length > 0
            && (request.Headers.TryAddWithoutValidation(name, value) || request.Content?.Headers.TryAddWithoutValidation(name, value) == true);
        if (!added)
        {
            throw new UsageException($"--header \"{text}\": allowed: NAME: VALUE; those about a body need one");
        }
    }

    private static string Head(HttpResponseMessage response)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"HTTP/{response.Version} {(int)response.StatusCode} {response.ReasonPhrase}\r\n");
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            head.AppendJoin(string.Empty, values.Select(value => $"{name}: {value}\r\n"));
        }

        return head.Append("\r\n").ToString();
    }

    private static async Task CopyAsync(DaemonClient daemon, HttpResponseMessage response, CancellationToken cancellation)
    {
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellation);
        byte[] buffer = new byte[BufferBytes];
        int n;
        while ((n = await OutputCopy.ReadAsync(daemon, body, buffer, cancellation)) > 0)
        {
            Descriptor.Write(Descriptor.Stdout, buffer.AsSpan(0, n));
        }
    }
}
