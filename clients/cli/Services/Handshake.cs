using System.Text;

namespace Kuid.Cli.Services;

/// <summary>How a call begins: lines with the service, who calls, the arguments, and an empty one.</summary>
internal static class Handshake
{
    private const string Framed = "!frames";

    /// <summary>The lines of a call with frames.</summary>
    /// <exception cref="UsageException">A word cannot be a line.</exception>
    internal static byte[] Of(string service, IReadOnlyList<string> arguments)
    {
        if (service.Contains('!', StringComparison.Ordinal))
        {
            throw new UsageException($"\"{service}\" is no service's name");
        }

        var lines = new StringBuilder();
        foreach (string word in (string[])[service + Framed, Environment.UserName, .. arguments])
        {
            lines.Append(Checked(word)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.Append('\n').ToString());
    }

    private static string Checked(string word) => word switch
    {
        "" => throw new UsageException("an argument of a service has at least one character: an empty line ends the arguments"),
        [.., '\r'] => throw new UsageException($"\"{word}\": an argument of a service does not end with a carriage return"),
        _ when word.Contains('\n', StringComparison.Ordinal) => throw new UsageException($"\"{word}\": an argument of a service is one line"),
        _ => word,
    };
}
