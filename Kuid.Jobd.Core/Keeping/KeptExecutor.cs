using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Processes.Trees;
using Kuid.Jobd.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Keeping;

/// <summary>
/// The life of a job's process that outlives the daemon: started below a keeper, or adopted from a daemon before; its output and its end
/// are read from the keeper's log.
/// </summary>
/// <remarks>
/// What the daemon reads is the log alone, in its first life as in its second, so both see the same bytes in the same order. A
/// daemon that stops leaves the process and the keeper as they are.
/// </remarks>
public sealed class KeptExecutor : IJobExecutor, IDisposable
{
    // After SIGKILL only a process outside the tree can hold the pipes, and it is not waited for.
    private static readonly TimeSpan DrainAfterKill = TimeSpan.FromSeconds(1);

    // What is killed and not yet gone is stuck in the kernel, or there is very much of it.
    private static readonly TimeSpan TreeAfterKill = TimeSpan.FromSeconds(5);

    private readonly Spawner _spawner;
    private readonly Reactor _reactor;
    private readonly KeeperFolder _folder;
    private readonly History _history;
    private readonly TimeProvider _clock;
    private readonly EndingPolicy _ending;
    private readonly ILogger _log;
    private readonly Lazy<KeeperWatch> _watch;

    /// <summary>An executor for the jobs of one folder.</summary>
    /// <param name="folder">Where the keepers' logs are; outlives this.</param>
    public KeptExecutor(
        Spawner spawner, Reactor reactor, KeeperFolder folder, History history, TimeProvider clock, EndingPolicy ending, ILogger<KeptExecutor> log)
    {
        (_spawner, _reactor, _folder, _history, _clock, _ending, _log) = (spawner, reactor, folder, history, clock, ending, log);
        _watch = new Lazy<KeeperWatch>(() =>
        {
            folder.Prepare();
            return new KeeperWatch(reactor, folder.Path);
        });
    }

    /// <summary>How many bytes the log of one attempt may have; a job that writes more is ended. Null for any number.</summary>
    public long? LogBytes { get; init; } = 1L << 30;

    /// <summary>What is done to a process of each profile; as for every process.</summary>
    public IsolationPolicy Isolation { get; init; } = IsolationPolicy.None;

    /// <summary>The folder of the logs.</summary>
    internal KeeperFolder Folder => _folder;

    /// <inheritdoc/>
    public async Task<JobResult> ExecuteAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        try
        {
            using KeptProcess process = await StartAsync(job);
            return await LiveAsync(job, process);
        }
        catch (Exception e) when (e is SpawnException or IsolationException)
        {
            return new JobResult { Reason = JobReason.Spawn, Detail = e.Message };
        }
        catch (Exception e) when (e is NativeException or IOException)
        {
            return new JobResult { Reason = JobReason.Spawn, Detail = $"its record log: {e.Message}" };
        }
    }

    /// <summary>Goes on with a process that a daemon before this one has started.</summary>
    internal async Task<JobResult> AdoptAsync(Job job, KeptProcess process)
    {
        using (process)
        {
            return await LiveAsync(job, process);
        }
    }

    /// <summary>Finds the process of a job that was running; null where nothing is known of one.</summary>
    /// <exception cref="NativeException">The folder cannot be watched.</exception>
    internal async Task<KeptProcess?> FindAsync(JobRecord job)
    {
        KeeperLogReader? log = _folder.Open(job.Id, job.Attempt);
        if (log is null)
        {
            return null;
        }

        KeptProcess? process = null;
        try
        {
            _ = _watch.Value;
            process = await KeptProcess.AdoptAsync(log, _reactor, _spawner.Trees, _clock);
        }
        catch (InvalidDataException e)
        {
            Log.CannotAdopt(_log, job.Id, e.Message);
        }
        finally
        {
            if (process is null)
            {
                log.Dispose();
            }
        }

        return process;
    }

    /// <summary>Removes the logs of jobs that nobody knows, and ends what is alive of those; for a start, before jobs are accepted.</summary>
    /// <param name="isKnown">Whether a job waits or runs.</param>
    internal void Sweep(Func<long, bool> isKnown)
    {
        foreach ((long job, int attempt) in _folder.All())
        {
            if (isKnown(job))
            {
                continue;
            }

            try
            {
                using (KeeperLogReader? log = _folder.Open(job, attempt))
                {
                    if (log is not null && KeeperFolder.IsKept(log.File) && log.TryRead(out KeeperRecord first))
                    {
                        KeeperStart start = KeeperStart.Parse(first.Payload.Span);
                        Log.KillingOrphan(_log, job, start.JobPid);
                        KeptProcess.End(start);
                    }
                }

                _folder.RemoveOne(job, attempt);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or NativeException)
            {
                Log.RecordLogNotRemoved(_log, job, e.Message);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_watch.IsValueCreated)
        {
            _watch.Value.Dispose();
        }
    }

    private async Task<KeptProcess> StartAsync(Job job)
    {
        _ = _watch.Value;
        using SafeFd stdin = await InputAsync(job);
        (SafeFd outRead, SafeFd outWrite) = LibcIo.Pipe();
        using SafeFd stdout = outRead, stdoutOfJob = outWrite;
        (SafeFd errRead, SafeFd errWrite) = LibcIo.Pipe();
        using SafeFd stderr = errRead, stderrOfJob = errWrite;
        using SafeFd log = _folder.Create(job.Id, job.Attempt);
        KeeperLogReader reader = _folder.Open(job.Id, job.Attempt) ?? throw new IOException("it is gone");
        try
        {
            var call = new KeeperCall(log, stdout, stderr, LogBytes, job.Spec.Drain);
            (ChildProcess keeper, int pid, IProcessTree tree) = await _spawner.SpawnKeptAsync(
                Isolation.Isolated(job.Spec.Process! with { Limits = job.Spec.Limits }, job.Spec.Isolation), new Stdio(stdin, stdoutOfJob, stderrOfJob), call);
            return new KeptProcess(reader, keeper, pid, tree);
        }
        catch
        {
            reader.Dispose();
            _folder.RemoveOne(job.Id, job.Attempt);
            throw;
        }
    }

    // A file, so that nobody has to be there to write it: the input is known, or there is none.
    private static async Task<SafeFd> InputAsync(Job job)
    {
        if (job.Spec.Stdin.IsEmpty)
        {
            return LibcFiles.OpenNull();
        }

        SafeFd file = LibcFiles.InMemory("stdin");
        byte[] buffer = new byte[64 * 1024];
        long length = 0;
        int n;
        while ((n = await job.Spec.Stdin.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            LibcFiles.WriteAt(file, buffer.AsSpan(0, n), length);
            length += n;
        }

        return file;
    }

    private async Task<JobResult> LiveAsync(Job job, KeptProcess process)
    {
        string name = KeeperFolder.NameOf(job.Id, job.Attempt);
        Signal grown = _watch.Value.Of(name);
        using var leaving = new CancellationTokenSource();
        job.HasKeeper(process.Pid, process.SignalGroup);
        _ = _history.SaveAsync(job);
        Task<JobResult> reading = ReadAsync(job, process, grown, leaving.Token);
        _ = RaiseWhenGoneAsync(process, grown);
        try
        {
            await Task.WhenAny(reading, job.EndRequested, job.Left);
            if (!reading.IsCompleted && job.EndRequested.IsCompleted)
            {
                await EndTreeAsync(job, process, reading);
            }
            else if (!reading.IsCompleted)
            {
                await leaving.CancelAsync();
            }

            return await reading;
        }
        catch (OperationCanceledException) when (job.Left.IsCompleted)
        {
            process.IsLeft();
            return new JobResult { Reason = JobReason.Shutdown };
        }
        catch (Exception e)
        {
            // A fault of the daemon's leaves no process behind that nobody waits for.
            Log.RunnerFailed(_log, e, job.Id);
            await leaving.CancelAsync();
            process.HurryKeeper();
            return await LostAsync(job, process, JobRunner.OwnFault);
        }
        finally
        {
            process.IsOver();
            _watch.Value.Forget(name);
        }
    }

    private static async Task RaiseWhenGoneAsync(KeptProcess process, Signal grown)
    {
        await process.KeeperGone;
        grown.Raise();
    }

    /// <summary>Follows the log to its end.</summary>
    private async Task<JobResult> ReadAsync(Job job, KeptProcess process, Signal grown, CancellationToken leaving)
    {
        // One for all records: each that is made stays with both until one of them completes.
        Task hurried = Task.WhenAny(job.EndRequested, job.Left);
        try
        {
            while (true)
            {
                // Asked before the log is read: what a keeper wrote that is gone now is there.
                bool isLast = process.KeeperGone.IsCompleted;
                while (process.Log.TryRead(out KeeperRecord record))
                {
                    leaving.ThrowIfCancellationRequested();
                    if (record.Type == KeeperRecordType.End)
                    {
                        process.IsOver();
                        return ResultOf(process, record);
                    }

                    await TakeAsync(job, process, record, hurried);
                }

                if (isLast)
                {
                    return await LostAsync(job, process, process.IsOfThisBoot ? "its keeper was killed" : "the machine was restarted while it ran");
                }

                await grown.WaitAsync(leaving);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            process.HurryKeeper();
            return await LostAsync(job, process, e.Message);
        }
    }

    private async ValueTask TakeAsync(Job job, KeptProcess process, KeeperRecord record, Task hurried)
    {
        switch (record.Type)
        {
            case KeeperRecordType.Started:
                process.HasStarted(KeeperStart.Parse(record.Payload.Span));
                break;
            case KeeperRecordType.Stdout or KeeperRecordType.Stderr:
                await AppendAsync(job, KeeperFolder.StreamOf(record.Type), record, hurried);
                break;
            case KeeperRecordType.Exited:
                process.HasExited(KeeperExit.Parse(record.Payload.Span));
                break;
            case KeeperRecordType.Full:
                job.RequestEnd(JobReason.OutputLimit, $"its record log has reached {LogBytes} bytes");
                break;
        }
    }

    private static async ValueTask AppendAsync(Job job, OutputStream stream, KeeperRecord record, Task hurried)
    {
        ReadOnlyMemory<byte> bytes = record.Payload;
        try
        {
            while (!bytes.IsEmpty)
            {
                int room = await job.Output.RoomAsync(stream, bytes.Length, hurried);
                job.Output.Append(stream, bytes.Span[..room], record.Time);
                bytes = bytes[room..];
            }

            if (job.Spec.OutputLimit is { } limit && job.Output.Produced(stream) - job.AttemptOffset(stream) > limit)
            {
                throw new IOException($"more than {limit} bytes of output");
            }
        }
        catch (IOException e)
        {
            job.RequestEnd(JobReason.OutputLimit, e.Message);
        }
    }

    private static JobResult ResultOf(KeptProcess process, KeeperRecord record)
    {
        KeeperEnd end = KeeperEnd.Parse(record.Payload.Span);
        KeeperExit exit = process.Exit ?? throw new InvalidDataException("its record log has an end and no exit");
        return new JobResult
        {
            Reason = exit.Status.Signal is null ? JobReason.Exit : JobReason.Signal,
            Status = exit.Status,
            Usage = exit.Usage,
            OutputIncomplete = end.IsIncomplete,
            FinishedAt = record.Time,
            Duration = end.Lived,
        };
    }

    // Nobody can wait for it any more, so it is not left to itself either.
    private async Task<JobResult> LostAsync(Job job, KeptProcess process, string why)
    {
        Log.KeeperLost(_log, job.Id, process.Pid, why);
        await process.KillTreeAsync();
        process.IsOver();
        return new JobResult { Reason = JobReason.Lost, Detail = why, OutputIncomplete = true };
    }

    /// <summary>As for every process (<see cref="ProcessExecutor"/>); the keeper is told when the rest of the output is given up.</summary>
    private async Task EndTreeAsync(Job job, KeptProcess process, Task over)
    {
        Log.Ending(_log, job.Id, job.EndRequested.Result);
        if (job.State == JobState.Canceling)
        {
            _ = _history.SaveAsync(job);
        }

        process.SignalTree(SignalNames.SIGTERM);
        process.SignalTree(SignalNames.SIGCONT);
        Task timeIsOver = _ending.TimeIsOverAsync(job, _clock);
        await Task.WhenAny(over, timeIsOver);
        await process.TreeEmptiesAsync(timeIsOver);
        await process.KillTreeAsync();
        await Task.WhenAny(over, process.Exited);
        await Task.WhenAny(over, Task.Delay(DrainAfterKill, _clock));
        if (!await process.TreeEmptiesAsync(Task.Delay(TreeAfterKill)))
        {
            Log.TreeStaysAlive(_log, job.Id);
        }

        process.HurryKeeper();
    }
}
