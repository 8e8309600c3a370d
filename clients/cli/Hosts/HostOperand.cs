using Kuid.Sysreq.Remote;

namespace Kuid.Cli.Hosts;

/// <summary>HOST of <c>eval</c> and <c>shell</c>: <c>local</c>, an address, or a name from the hosts file.</summary>
internal static class HostOperand
{
    /// <summary>This machine.</summary>
    internal const string Local = "local";

    /// <summary>What it is, for the help of those verbs.</summary>
    internal const string Help =
        "kuid speaks to the host itself and needs no daemon there but kuid-sysreqd, which executes system calls and nothing else. HOST is "
        + Allowed + ". Default: local, this machine, in kuid's own process.";

    private const string Allowed =
        "local, unix:PATH, tcp:HOST:PORT, tls:HOST:PORT, 'exec:COMMAND...' such as 'exec:ssh web1 kuid-sysreqd -', or a name from hosts.ini";

    /// <summary>Whether a word alone can only be meant as a host.</summary>
    internal static bool IsOne(string word) => word == Local || HasScheme(word) || (HostsFile.IsName(word) && HostsFile.Read().ContainsKey(word));

    /// <summary>The address that is meant.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    internal static HostAddress Read(string word)
    {
        if (word == Local || HasScheme(word))
        {
            return Parse(word, where: string.Empty);
        }

        IReadOnlyDictionary<string, string> hosts = HostsFile.Read();
        return hosts.TryGetValue(word, out string? address)
            ? Parse(address, $"{HostsFile.Path}: {word}: ")
            : throw new UsageException($"there is no host \"{word}\"{Nearest.Hint(word, hosts.Keys.Append(Local))}; allowed: {Allowed}");
    }

    private static bool HasScheme(string word) =>
        word.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon && word.AsSpan(0, colon).IndexOfAnyExceptInRange('a', 'z') < 0;

    private static HostAddress Parse(string text, string where)
    {
        try
        {
            return HostAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException(where + e.Message);
        }
    }
}
