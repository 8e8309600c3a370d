using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.Jobd.Core.Tests.Output;
using Kuid.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Core.Tests.Storage;

/// <summary>Jobs and their output through the history, on a SQLite file and files of output.</summary>
public sealed class HistorySpecs : IDisposable
{
    private const int KeepOutput = 100_000;

    private readonly TempFolder _folder = new();
    private readonly SpoolSpace _spool;
    private readonly OutputFiles _files;
    private readonly History _history;

    public HistorySpecs()
    {
        _spool = new SpoolSpace(_folder["spool"], memoryPerStream: 8192);
        _spool.Prepare();
        _files = new OutputFiles(_folder["output"]);
        _history = new History(SqliteJobStore.Open(_folder["history.db"]), _files, _spool, KeepOutput, NullLogger<History>.Instance);
    }

    public void Dispose()
    {
        _history.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_a_job_wrote_is_read_back_from_the_row_when_it_is_small_and_from_files_when_it_is_large()
    {
        await SaveEnded(1, stdout: 500, stderr: 50_000);

        using OutputLog log = (await _history.OpenOutputAsync(1))!;

        log.AllKept(OutputStream.Stdout).Should().Equal(Bytes(OutputStream.Stdout, 500));
        log.AllKept(OutputStream.Stderr).Should().Equal(Bytes(OutputStream.Stderr, 50_000));
        _files.Jobs().Should().Equal(1);
        Directory.GetFiles(_folder["output"], "*", SearchOption.AllDirectories).Should().Equal(_folder["output/0/1.stderr"]);
        JobRecord record = (await _history.FindAsync(1))!;
        (record.StdoutBytes, record.StdoutKeptBytes, record.StderrKeptBytes, record.Truncated).Should().Be((500, 500, 50_000, false));
    }

    [Fact]
    public async Task More_than_is_kept_is_cut_to_head_and_tail_and_the_record_says_so()
    {
        await SaveEnded(1, stdout: KeepOutput + 1000, stderr: 0);

        using OutputLog log = (await _history.OpenOutputAsync(1))!;

        byte[] all = Bytes(OutputStream.Stdout, KeepOutput + 1000);
        log.AllKept(OutputStream.Stdout).Should().Equal([.. all[..(KeepOutput / 2)], .. all[^(KeepOutput / 2)..]]);
        JobRecord record = (await _history.FindAsync(1))!;
        (record.StdoutBytes, record.StdoutKeptBytes, record.Truncated).Should().Be((KeepOutput + 1000, KeepOutput, true));
    }

    [Fact]
    public async Task Output_that_was_removed_behind_its_back_is_no_output()
    {
        await SaveEnded(1, stdout: 500, stderr: 50_000);
        _files.Delete(1);

        (await _history.OpenOutputAsync(1)).Should().BeNull();
        (await _history.OpenOutputAsync(2)).Should().BeNull();
        _spool.TryTakeMemory(16 * 1024 * 1024).Should().BeTrue("the memory of the other stream is given back");
    }

    [Fact]
    public async Task Output_whose_file_was_cut_short_is_damage()
    {
        await SaveEnded(1, stdout: 0, stderr: 50_000);
        using (FileStream file = File.OpenWrite(_folder["output/0/1.stderr"]))
        {
            file.SetLength(49_999);
        }

        Func<Task> open = () => _history.OpenOutputAsync(1);

        (await open.Should().ThrowAsync<StoreException>()).Which.Fault.Should().Be(StoreFault.Damaged);
    }

    [Fact]
    public async Task A_deleted_job_takes_its_files_along_and_who_reads_them_reads_on()
    {
        await SaveEnded(1, stdout: 50_000, stderr: 0);
        using OutputLog log = (await _history.OpenOutputAsync(1))!;

        (await _history.DeleteAsync(1)).Should().BeTrue();

        _files.Jobs().Should().BeEmpty();
        (await _history.FindAsync(1)).Should().BeNull();
        (await _history.DeleteAsync(1)).Should().BeFalse();
        log.AllKept(OutputStream.Stdout).Should().Equal(Bytes(OutputStream.Stdout, 50_000));
    }

    [Fact]
    public async Task A_job_whose_output_cannot_be_kept_is_recorded_without()
    {
        File.WriteAllText(_folder["output"], "in the way");

        await SaveEnded(1, stdout: 50_000, stderr: 0);

        JobRecord record = (await _history.FindAsync(1))!;
        (record.StdoutBytes, record.StdoutKeptBytes, record.State).Should().Be((50_000, 0, JobState.Failed));
        (await _history.OpenOutputAsync(1)).Should().BeNull();
    }

    [Fact]
    public void What_found_room_before_the_disk_was_full_is_read_back()
    {
        File.WriteAllText(_folder["file"], "in the way");
        var full = new SpoolSpace(_folder["file/spool"], memoryPerStream: 8192);
        using var log = new OutputLog(full, TimeProvider.System, limit: null);
        log.Append(OutputStream.Stdout, Bytes(OutputStream.Stdout, 5000));
        Action append = () => log.Append(OutputStream.Stdout, new byte[5000]);
        append.Should().Throw<IOException>();
        log.Complete();

        KeptOutput kept = log.Keep(KeepOutput, _ => throw new InvalidOperationException("nothing of it is in a file"));
        using var restored = OutputLog.Restore(kept, _spool, _ => throw new InvalidOperationException("nothing of it is in a file"));

        restored.AllKept(OutputStream.Stdout).Should().Equal(Bytes(OutputStream.Stdout, 5000));
    }

    [Fact]
    public async Task A_list_has_everything_that_was_recorded_before_it_was_asked_for()
    {
        for (int i = 1; i <= 50; i++)
        {
            _ = SaveEnded(i, stdout: 1, stderr: 0);
            (await _history.ListAsync(new JobQuery { Limit = 100 })).Jobs.Should().HaveCount(i);
        }
    }

    [Fact]
    public async Task Sweeping_removes_files_of_jobs_that_are_not_known_and_leaves_those_of_live_ones()
    {
        await SaveEnded(1, stdout: 50_000, stderr: 0);
        foreach (long stranger in new long[] { 2, 3, 5_000_000 })
        {
            await File.WriteAllTextAsync(_files.Place(stranger, OutputStream.Stdout), "x");
        }

        await _history.SweepFilesAsync(job => job == 3);

        _files.Jobs().Should().BeEquivalentTo(new long[] { 1, 3 });
    }

    [Fact]
    public async Task A_closed_history_says_so()
    {
        _history.Dispose();
        Func<Task>[] asked = [() => _history.FindAsync(1), () => _history.DeleteAsync(1), () => _history.ListAsync(new JobQuery()), () => _history.FlushAsync()];

        foreach (Func<Task> ask in asked)
        {
            await ask.Should().ThrowAsync<StoreException>().WithMessage("the history is closed: the daemon is stopping");
        }
    }

    private async Task SaveEnded(long id, int stdout, int stderr)
    {
        using var log = new OutputLog(_spool, TimeProvider.System, limit: null);
        log.Append(OutputStream.Stdout, Bytes(OutputStream.Stdout, stdout));
        log.Append(OutputStream.Stderr, Bytes(OutputStream.Stderr, stderr));
        using var job = new Job(id, Specs.Shell("true"), log, TimeProvider.System);
        _ = log.TryHold();
        job.TryStart();
        job.End(new JobResult { Reason = JobReason.Exit, FinishedAt = Records.Start });
        Task saved = _history.SaveEndAsync(job);
        await saved.WaitAsync(Reading.Limit);
    }

    private static byte[] Bytes(OutputStream stream, int count) => [.. Enumerable.Range(0, count).Select(i => OutputModel.ByteAt(stream, i))];
}
