using System.Collections;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Remote;

namespace Kuid.Cli.Hosts;

/// <summary>
/// A host, and the ways to it. <c>local</c> is kuid's own process: no server is started for <c>ps</c>. That process cannot turn
/// into a program, so programs on it have a kuid-sysreqd of their own, the one that is installed beside kuid.
/// </summary>
/// <param name="address">Where it is.</param>
internal sealed class Host(HostAddress address)
{
    private static readonly CommandStarter Starter = new();

    /// <summary>Where it is.</summary>
    internal HostAddress Address => address;

    /// <summary>Whether it is this machine, in kuid's own process.</summary>
    internal bool IsOwn => address is LocalAddress;

    /// <summary>The server that is installed beside kuid: <c>bin/kuid-sysreqd</c> where kuid itself is <c>bin/lib/cli/kuid</c>.</summary>
    internal static string Server { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "kuid-sysreqd"));

    /// <summary>The way to its shell.</summary>
    internal ITransport Transport { get; } = address.ToTransport(Starter);

    /// <summary>The way to a process that becomes a program.</summary>
    internal ITransport Programs => IsOwn ? new ExecTransport([Server, "-"], Starter) : Transport;

    /// <summary>
    /// Connects. A session on the own machine has kuid's environment, as any program that is started here; one elsewhere has none.
    /// </summary>
    /// <param name="arguments">Its <c>$1</c> and so on.</param>
    /// <exception cref="FailureException">It cannot be reached.</exception>
    internal async Task<Session> OpenAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        try
        {
            return await Session.OpenAsync(
                Transport,
                new SessionOptions
                {
                    Arguments = arguments,
                    LocalFiles = new LocalFiles(),
                    Environment = IsOwn ? OwnEnvironment() : new Dictionary<string, string>(StringComparer.Ordinal),
                    Client = new SysreqClientOptions { Programs = IsOwn && File.Exists(Server) ? Programs : null },
                },
                cancellation);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // Where no connection came about, the transport's sentence begins with the address.
            string prefix = $"{address}: ";
            throw new FailureException($"cannot reach {prefix}{(e.Message.StartsWith(prefix, StringComparison.Ordinal) ? e.Message[prefix.Length..] : e.Message)}");
        }
    }

    private static Dictionary<string, string> OwnEnvironment() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);
}
