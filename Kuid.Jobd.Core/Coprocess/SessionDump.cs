using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Coprocess;

/// <summary>The state of a session as the shell itself tells it, and as JSON.</summary>
internal static class SessionDump
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Prints three parts, a NUL behind each: the directory, the options as commands, the variables. In its POSIX mode bash lists no
    /// functions among the variables.
    /// </summary>
    internal static ReadOnlySpan<byte> Script => """
        {
        command pwd; command printf '\0'
        command set +o; case ${BASH_VERSION:+bash} in bash) command shopt -p;; esac; command printf '\0'
        case ${BASH_VERSION:+bash} in bash) (command set -o posix; command set);; *) command set;; esac; command printf '\0'
        } || :
        """u8;

    /// <summary>
    /// What the script has printed, as <c>{"status":0,"cwd":"/","variables":{"NAME":"VALUE"},"options":{"errexit":false}}</c>.
    /// </summary>
    /// <remarks>An array is an object of its elements. Bytes that are no UTF-8 become U+FFFD.</remarks>
    internal static byte[] ToJson(WaitStatus status, ReadOnlySpan<byte> printed)
    {
        int cwd = printed.IndexOf((byte)0);
        ReadOnlySpan<byte> rest = printed[(cwd + 1)..];
        int options = rest.IndexOf((byte)0);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("status", status.ExitCode ?? 0);
            json.WriteString("cwd", Text(printed[..Math.Max(cwd - 1, 0)]));
            json.WriteStartObject("variables");
            WriteVariables(json, rest[(options + 1)..].TrimEnd((byte)0));
            json.WriteEndObject();
            json.WriteStartObject("options");
            WriteOptions(json, Text(rest[..Math.Max(options, 0)]));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteVariables(Utf8JsonWriter json, ReadOnlySpan<byte> listing)
    {
        var variables = new VariableListing(listing);
        while (variables.Next())
        {
            if (variables.Elements is null)
            {
                json.WriteString(variables.Name, Text(variables.Value));
                continue;
            }

            json.WriteStartObject(variables.Name);
            foreach ((byte[] key, byte[] value) in variables.Elements)
            {
                json.WriteString(Text(key), Text(value));
            }

            json.WriteEndObject();
        }
    }

    // `set -o errexit`, and of bash `shopt -s extglob` too.
    private static void WriteOptions(Utf8JsonWriter json, string commands)
    {
        foreach (string command in commands.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (command.Split(' ') is [var set, var sign, var name])
            {
                json.WriteBoolean(name, sign == (set == "shopt" ? "-s" : "-o"));
            }
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
