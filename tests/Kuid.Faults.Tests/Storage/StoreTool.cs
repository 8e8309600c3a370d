using System.Diagnostics;

namespace Kuid.Faults.Tests.Storage;

/// <summary>What other programs do to a history's file: python's sqlite3 reads, locks and writes it.</summary>
internal static class StoreTool
{
    /// <summary>Runs statements of Python with <c>db</c> open, and gives what they print.</summary>
    internal static async Task<string> Python(string file, string statements)
    {
        ToolRun run = await ToolRun.Of("python3", ["-c", $"import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\n{statements}", file]);
        run.ExitCode.Should().Be(0, run.Stderr);
        return run.Text;
    }

    /// <summary>Whether a file that nobody uses is sound.</summary>
    internal static async Task IsSound(string file) =>
        (await Python(file, "print(db.execute('PRAGMA integrity_check').fetchone()[0])")).Should().Be("ok\n");

    /// <summary>Does something to the file and stays there, holding what it has, until it is disposed.</summary>
    internal static async Task<Holder> Hold(string file, string statements)
    {
        Process process = Process.Start(new ProcessStartInfo(
            "python3",
            [
                "-c",
                $"import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1], isolation_level=None)\ndb.execute('PRAGMA busy_timeout = 20000')\n"
                + $"{statements}\nprint('held', flush=True)\nsys.stdin.read()",
                file,
            ])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        (await process.StandardOutput.ReadLineAsync()).Should().Be("held");
        return new Holder(process);
    }

    internal sealed class Holder(Process process) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
