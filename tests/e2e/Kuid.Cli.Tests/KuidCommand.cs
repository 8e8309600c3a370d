using System.Diagnostics;
using System.Globalization;

namespace Kuid.Cli.Tests;

/// <summary>bin/kuid as a user starts it, with nothing in its environment that the person who runs the tests has set.</summary>
internal static class KuidCommand
{
    internal static string Program { get; } = Repository.File("bin/kuid");

    internal static Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal)
    {
        ["KUID_SOCKET"] = null,
        ["KUID_DATA"] = null,
        ["XDG_STATE_HOME"] = null,
        ["NO_COLOR"] = null,
        ["TZ"] = "UTC",
        ["TERM"] = "xterm",
    };

    /// <summary>Runs it to its end.</summary>
    internal static Task<ToolRun> Run(string[] words, ReadOnlyMemory<byte> stdin = default, params (string Name, string? Value)[] variables)
    {
        var environment = new Dictionary<string, string?>(Environment, StringComparer.Ordinal);
        foreach ((string name, string? value) in variables)
        {
            environment[name] = value;
        }

        return ToolRun.Of(Program, words, stdin, environment);
    }

    /// <summary>Runs a line of a shell in which $KUID is the program and its socket.</summary>
    internal static Task<ToolRun> Shell(string line, string socket, params (string Name, string? Value)[] variables)
    {
        var environment = new Dictionary<string, string?>(Environment, StringComparer.Ordinal)
        {
            ["KUID"] = Program,
            ["KUID_SOCKET"] = socket,
        };
        foreach ((string name, string? value) in variables)
        {
            environment[name] = value;
        }

        return ToolRun.Of("/bin/bash", ["-c", line], environment: environment);
    }

    /// <summary>Starts it with streams that stay open, to be signalled.</summary>
    internal static Process Start(string socket, params string[] words)
    {
        // A test runner in the background ignores SIGINT, and what it starts would too.
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM,HUP", Program, .. words])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUID_SOCKET"] = socket;
        return Process.Start(start)!;
    }

    /// <summary>Sends a signal, as kill(1) does.</summary>
    internal static async Task Signal(Process process, string signal) =>
        (await ToolRun.Of("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)])).ExitCode.Should().Be(0);

    /// <summary>Waits for the end.</summary>
    internal static async Task<int> WaitForExit(Process process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }
}
