using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Tests.Storage.Sqlite;
using Kuid.TestKit;
using Microsoft.Data.Sqlite;

namespace Kuid.Jobd.Core.Tests.Jobs;

/// <summary>Jobs that are over while the history takes nothing.</summary>
public sealed class UnrecordedJobSpecs
{
    private const int OutputBytes = 300_000;

    [Fact]
    public async Task They_hold_no_file_open_and_their_output_can_be_read()
    {
        using var folder = new TempFolder();
        await using var engine = new Engine(folder: folder);
        using SqliteConnection other = SqliteFiles.Connect(engine.Database);
        Execute(other, "BEGIN IMMEDIATE");
        var ids = new List<long>();
        for (int i = 0; i < 10; i++)
        {
            using Job job = engine.Service.Submit(Specs.Shell($"head -c {OutputBytes} /dev/zero"));
            (await job.Result()).Succeeded.Should().BeTrue();
            ids.Add(job.Id);
        }

        await Eventually.Holds(() => OpenOutputs(folder) == 0, () => $"no file of output is open, and not {OpenOutputs(folder)}", Reading.Limit);
        foreach (long id in ids)
        {
            using OutputReading reading = (await engine.Service.ReadOutputAsync(id))!;
            reading.Log!.AllKept(OutputStream.Stdout).Should().Equal(new byte[OutputBytes]);
        }

        (await engine.History.FindAsync(ids[0])).Should().BeNull("the history has taken nothing yet");
        Execute(other, "ROLLBACK");
        await Eventually.Holds(async () => (await engine.History.FindAsync(ids[^1]))?.HasEnded == true, "they are recorded", Reading.Limit);
    }

    private static int OpenOutputs(TempFolder folder) => Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(PathOf)
        .Count(path => path.StartsWith(folder["spool"], StringComparison.Ordinal) || path.StartsWith(folder["output"], StringComparison.Ordinal));

    private static string PathOf(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName ?? string.Empty;
        }
        catch (IOException)
        {
            // Closed since it was listed, by another test.
            return string.Empty;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
