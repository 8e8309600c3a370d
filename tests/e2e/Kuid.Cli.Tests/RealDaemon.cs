using Kuid.Cli.Tests;

[assembly: AssemblyFixture(typeof(RealDaemon))]

namespace Kuid.Cli.Tests;

/// <summary>One daemon for all tests that only run jobs in it; whoever wants options, or a list of its own, starts another.</summary>
public sealed class RealDaemon : IAsyncLifetime
{
    private TestDaemon? _daemon;

    public string Socket => SocketOf(_daemon!);

    public TempFolder Folder => _daemon!.Folder;

    internal static string SocketOf(TestDaemon daemon) => daemon.Folder["data/http.sock"];

    /// <summary>Runs kuid to its end.</summary>
    internal Task<ToolRun> Kuid(params string[] words) => KuidCommand.Run(words, default, ("KUID_SOCKET", Socket));

    /// <summary>Runs a line of bash in which $KUID is the program and knows its socket.</summary>
    internal Task<ToolRun> Shell(string line) => KuidCommand.Shell(line, Socket);

    public async ValueTask InitializeAsync() => _daemon =
        await TestDaemon.Start(environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["OF_THE_DAEMON"] = "yes" });

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }
}
