using System.Text.Json;
using Kuid.TestKit;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Tests.Start;

public sealed class DaemonLogSpecs : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder["jobd.log"];

    [Fact]
    public void A_line_of_text_has_the_time_in_UTC_the_level_the_event_and_the_message()
    {
        Write(new DaemonOptions(), log => Log.Reloaded(log));
        Lines().Should().ContainSingle().Which.Should().MatchRegex(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: specs\[8\] SIGHUP: configuration read again$");
    }

    [Fact]
    public void A_line_of_JSON_is_one_object_with_the_same_and_the_values_apart()
    {
        Write(new DaemonOptions { LogFormat = LogFormat.Json }, log => Log.NeedsRestart(log, "a \"quoted\"\nname"));
        using var line = JsonDocument.Parse(Lines().Should().ContainSingle().Which);
        line.RootElement.GetProperty("EventId").GetInt32().Should().Be(10);
        line.RootElement.GetProperty("LogLevel").GetString().Should().Be("Warning");
        line.RootElement.GetProperty("Timestamp").GetString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT.*Z$");
        line.RootElement.GetProperty("State").GetProperty("Option").GetString().Should().Be("a \"quoted\"\nname");
    }

    [Fact]
    public void Text_stays_on_one_line_whatever_is_in_the_message()
    {
        Write(new DaemonOptions(), log => Log.NeedsRestart(log, "two\nlines"));
        Lines().Should().ContainSingle().Which.Should().Contain("two").And.Contain("lines");
    }

    [Theory]
    [InlineData(LogLevel.Debug, new[] { 12, 8, 10, 9 })]
    [InlineData(LogLevel.Information, new[] { 8, 10, 9 })]
    [InlineData(LogLevel.Warning, new[] { 10, 9 })]
    [InlineData(LogLevel.Error, new[] { 9 })]
    [InlineData(LogLevel.None, new int[0])]
    public void Less_severe_lines_than_the_level_are_left_out(LogLevel level, int[] events)
    {
        Write(new DaemonOptions { LogLevel = level }, log =>
        {
            Log.SignalIgnored(log, "SIGUSR1");
            Log.Reloaded(log);
            Log.NeedsRestart(log, "x");
            Log.ReloadFailed(log, "x");
        });
        Lines().Select(line => int.Parse(line.Split('[', ']')[1], null)).Should().Equal(events);
    }

    [Fact]
    public void The_level_changes_while_it_is_open()
    {
        using (var log = DaemonLog.Open(new DaemonOptions(), File))
        {
            ILogger logger = log.Factory.CreateLogger("specs");
            Log.SignalIgnored(logger, "before");
            log.Level = LogLevel.Debug;
            Log.SignalIgnored(logger, "after");
        }

        Lines().Should().ContainSingle().Which.Should().Contain("after");
    }

    [Fact]
    public async Task After_it_was_moved_away_and_opened_again_lines_go_to_a_new_file_and_none_is_lost()
    {
        using (var log = DaemonLog.Open(new DaemonOptions(), File))
        {
            ILogger logger = log.Factory.CreateLogger("specs");
            Log.NeedsRestart(logger, "one");
            await Eventually.Holds(() => Lines().Count == 1, "the first line is written");
            System.IO.File.Move(File, _folder["jobd.log.1"]);
            Log.NeedsRestart(logger, "two");
            await Eventually.Holds(() => System.IO.File.ReadAllLines(_folder["jobd.log.1"]).Length == 2, "the second follows the moved file");
            log.Reopen();
            Log.NeedsRestart(logger, "three");
        }

        Lines().Should().ContainSingle().Which.Should().Contain("three");
        System.IO.File.ReadAllLines(_folder["jobd.log.1"]).Should().HaveCount(2);
    }

    [Fact]
    public async Task An_existing_log_is_continued_and_a_new_one_is_its_owners_alone()
    {
        Write(new DaemonOptions(), log => Log.Reloaded(log));
        Write(new DaemonOptions(), log => Log.Reloaded(log));
        Lines().Should().HaveCount(2);
        (await ToolRun.Of("stat", ["-c", "%a", File])).Text.Trim().Should().Be("600");
    }

    [Fact]
    public async Task That_it_cannot_be_opened_again_leaves_it_as_it_was()
    {
        Directory.CreateDirectory(_folder["logs"]);
        using (var log = DaemonLog.Open(new DaemonOptions(), _folder["logs/jobd.log"]))
        {
            ILogger logger = log.Factory.CreateLogger("specs");
            Directory.Move(_folder["logs"], _folder["moved"]);
            log.Invoking(l => l.Reopen()).Should().Throw<IOException>();
            Log.NeedsRestart(logger, "still here");
            await Eventually.Holds(
                () => System.IO.File.ReadAllText(_folder["moved/jobd.log"]).Contains("still here", StringComparison.Ordinal), "the old file goes on");
        }
    }

    [Fact]
    public async Task A_full_disk_loses_lines_and_neither_descriptors_nor_the_lines_after_it()
    {
        System.IO.File.CreateSymbolicLink(File, "/dev/full");
        using (var log = DaemonLog.Open(new DaemonOptions(), File))
        {
            ILogger logger = log.Factory.CreateLogger("specs");
            int most = 0;
            for (int i = 0; i < 2000; i++)
            {
                Log.NeedsRestart(logger, "lost");
                most = Math.Max(most, i % 20 == 0 ? OpenOnDevFull() : 0);
            }

            most.Should().BeLessThanOrEqualTo(2, "the next file is opened before the failed one is closed");

            System.IO.File.Delete(File);
            await Eventually.Holds(
                () =>
                {
                    Log.NeedsRestart(logger, "kept");
                    return System.IO.File.Exists(File) && Lines().Exists(line => line.Contains("kept", StringComparison.Ordinal));
                },
                "lines are written again");
            OpenOnDevFull().Should().Be(0);
        }

        Lines().Should().OnlyContain(line => line.Contains("specs[10]", StringComparison.Ordinal), "no line is torn");
    }

    public void Dispose() => _folder.Dispose();

    private static int OpenOnDevFull() => Directory.EnumerateFileSystemEntries("/proc/self/fd")
        .Count(fd => new FileInfo(fd).LinkTarget == "/dev/full");

    private void Write(DaemonOptions options, Action<ILogger> lines)
    {
        using var log = DaemonLog.Open(options, File);
        lines(log.Factory.CreateLogger("specs"));
    }

    private List<string> Lines() => System.IO.File.Exists(File) ? [.. System.IO.File.ReadLines(File)] : [];
}
