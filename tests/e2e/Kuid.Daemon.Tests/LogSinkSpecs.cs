using System.Diagnostics;

namespace Kuid.Daemon.Tests;

/// <summary>Row 16: a log that nobody takes holds up nothing but itself.</summary>
[Collection(nameof(Load))]
public sealed class LogSinkSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Process _daemon;

    // In the foreground with stderr a pipe that nobody reads from.
    public LogSinkSpecs() => _daemon = Process.Start(new ProcessStartInfo(
        Repository.Daemon, [_folder["s"], _folder["pid"], "--data", _folder["data"], "--foreground", "--log-level", "trace"])
    {
        UseShellExecute = false,
        RedirectStandardError = true,
    })!;

    [Fact]
    public async Task Row_16_jobs_go_on_while_nobody_reads_the_log_and_the_lost_lines_are_counted()
    {
        await Eventually.Holds(() => File.Exists(_folder["pid"]), "it has started");

        // A line a job: the pipe holds some hundreds of them and the queue some thousands.
        await JobLoad.Run(_folder["s"], jobs: 6000, atOnce: 40);

        // The count comes with the first line that finds room again.
        Task<string?> dropped = ReadUntil("dropped");
        await Eventually.Holds(
            async () =>
            {
                await SockprocClient.Run(_folder["s"], "true");
                return dropped.IsCompleted;
            },
            "the log says how many lines were dropped");
        (await dropped).Should().MatchRegex("[1-9][0-9]* message\\(s\\) dropped");
    }

    [Fact]
    public async Task Row_16_a_daemon_whose_log_nobody_reads_can_be_stopped()
    {
        await Eventually.Holds(() => File.Exists(_folder["pid"]), "it has started");
        await JobLoad.Run(_folder["s"], jobs: 1000, atOnce: 40);

        await DetachedDaemon.Signal("TERM", _daemon.Id);

        await _daemon.WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        _daemon.ExitCode.Should().Be(0);
        Directory.GetFileSystemEntries(_folder.Path).Should().Equal(_folder["data"]);
    }

    public void Dispose()
    {
        _daemon.Kill();
        _daemon.WaitForExit();
        _daemon.Dispose();
        _folder.Dispose();
    }

    private async Task<string?> ReadUntil(string word)
    {
        string? line;
        do
        {
            line = await _daemon.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        }
        while (line is not null && !line.Contains(word, StringComparison.Ordinal));
        return line;
    }
}
