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

    /// <summary>Skips the test with a daemon whose contract has not an operation.</summary>
    internal static async Task Needs(string socket, string operation) => Assert.SkipUnless(
        (await KuidCommand.Run(["api", "GET", "/openapi.yaml"], default, ("KUID_SOCKET", socket))).Text.Contains($"operationId: {operation}\n", StringComparison.Ordinal),
        $"this daemon's contract has no {operation}");

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
