using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// One job that is not over, or was not a moment ago: what it is to do, where it is in its life, what it wrote, how it ended.
/// Its submitter disposes it, which lets go of the submitter's hold on the output.
/// </summary>
public sealed class Job : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<JobResult> _ended;
    private readonly TaskCompletionSource<JobResult> _told;
    private readonly TaskCompletionSource _handedOver = NewSource();
    private readonly TimeProvider _clock;
    private TaskCompletionSource<JobReason> _endRequested = NewSource<JobReason>();
    private TaskCompletionSource? _changed;
    private Func<int, bool>? _signalGroup;
    private JobRecord _record;
    private string? _endDetail;
    private readonly TaskCompletionSource _left = NewSource();
    private bool _parked;
    private bool _kept;
    private bool _leaving;
    private bool _recorded;
    private bool _outputReleased;
    private long _passedStdin;
    private long _passedStdout;
    private long _passedStderr;

    internal Job(long id, JobSpec spec, OutputLog output, TimeProvider clock)
        : this(spec.ToRecord(id, clock.GetUtcNow().UtcDateTime), spec, output, clock)
    {
    }

    /// <param name="record">Where it stands, for a job that the history has already.</param>
    internal Job(JobRecord record, JobSpec spec, OutputLog output, TimeProvider clock)
    {
        _record = record;
        _ended = NewSource<JobResult>(spec.Wakes);
        _told = NewSource<JobResult>(spec.Wakes);
        Spec = spec;
        Output = output;
        _clock = clock;
        HasHadLabels = record.Labels.Count > 0;
    }

    /// <summary>Its number: ascending, never reused.</summary>
    public long Id => _record.Id;

    /// <summary>What it is to do.</summary>
    public JobSpec Spec { get; private set; }

    /// <summary>What it wrote so far.</summary>
    public OutputLog Output { get; }

    /// <summary>The queue that it is in; null for none.</summary>
    internal string? Queue => _record.Queue;

    /// <summary>Where it is in its life.</summary>
    public JobState State => _record.State;

    /// <summary>Which attempt this is, from 1.</summary>
    internal int Attempt => _record.Attempt;

    /// <summary>The id of its process; null before it started.</summary>
    public int? Pid => _record.Pid;

    /// <summary>Whether it has labels, or had some before it was changed.</summary>
    internal bool HasHadLabels { get; private set; }

    /// <summary>How many clients wait whose going away would cancel it.</summary>
    internal int Attending;

    /// <summary>Completes when the job is over; never faults.</summary>
    public Task<JobResult> Ended => _ended.Task;

    /// <summary>
    /// The same for who keeps the books of it, and after those who wait: of several who wait for one task only one goes on at once.
    /// </summary>
    internal Task<JobResult> Told => _told.Task;

    /// <summary>What the history keeps of its output, from its end until that is in the store or has been given up.</summary>
    internal KeptOutput? Kept { get; set; }

    /// <summary>Whether it was on disk before it was accepted: then it starts only when that is on disk too.</summary>
    internal bool IsDurable { get; init; }

    /// <summary>Its process, which a daemon before this one has started; null for others, and when it has been taken up.</summary>
    internal Keeping.KeptProcess? Adopted { get; set; }

    /// <summary>Completes when it is left running without this daemon; never for most.</summary>
    internal Task Left => _left.Task;

    /// <summary>Where changes of its state are told; null for nowhere.</summary>
    internal JobChanges? Changes { get; init; }

    /// <summary>Whether its end is in the history, or has been given up.</summary>
    internal bool IsRecorded { get => Volatile.Read(ref _recorded); set => Volatile.Write(ref _recorded, value); }

    /// <summary>Whether nothing happens to it here any more: it is over, or left to the next start.</summary>
    internal bool IsGone => Volatile.Read(ref _parked) || JobTransitions.IsTerminal(State);

    /// <summary>Where it stands, and when that is over where it is a time.</summary>
    internal (JobState State, JobReason? Reason, DateTime? NotBefore) Standing
    {
        get
        {
            lock (_gate)
            {
                return (State, _record.Reason, _record.NotBefore);
            }
        }
    }

    /// <summary>When it may start no longer; null for never, or not any more.</summary>
    internal DateTime? ExpiresAt => _record is { StartedAt: null, ExpiresIn: { } time } ? _record.CreatedAt + time : null;

    /// <summary>Completes with the first reason for which the present attempt is to be ended before it ends by itself.</summary>
    internal Task<JobReason> EndRequested => _endRequested.Task;

    /// <summary>The job as of now.</summary>
    public JobRecord Snapshot()
    {
        lock (_gate)
        {
            return _record with
            {
                StdinBytes = Spec.Stdin is StreamedInput stdin ? stdin.Received : _record.StdinBytes + Volatile.Read(ref _passedStdin),
                StdoutBytes = Output.Produced(OutputStream.Stdout) + Volatile.Read(ref _passedStdout),
                StderrBytes = Output.Produced(OutputStream.Stderr) + Volatile.Read(ref _passedStderr),
                StdoutKeptBytes = Output.Kept(OutputStream.Stdout),
                StderrKeptBytes = Output.Kept(OutputStream.Stderr),
            };
        }
    }

    /// <summary>Where in a stream the output of the present attempt begins.</summary>
    internal long AttemptOffset(OutputStream stream) =>
        stream == OutputStream.Stdout ? _record.AttemptStdoutOffset : _record.AttemptStderrOffset;

    /// <summary>Asks the job to end. The first reason wins; asking again, or asking a job that is over, changes nothing.</summary>
    /// <param name="detail">What the reason alone does not say; null for nothing.</param>
    /// <param name="by">The principal who wants it; null for the daemon itself.</param>
    /// <returns>Whether this reason is the one.</returns>
    public bool RequestEnd(JobReason reason, string? detail = null, string? by = null)
    {
        lock (_gate)
        {
            if (_parked || !Applies(reason) || _endRequested.Task.IsCompleted)
            {
                return false;
            }

            bool wanted = reason is JobReason.Canceled or JobReason.Shutdown;
            _record = _record with { EndedBy = by };
            if (State is JobState.Queued or JobState.Scheduled)
            {
                var result = new JobResult { Reason = reason, Detail = detail, FinishedAt = _clock.GetUtcNow().UtcDateTime };
                Ends(wanted ? JobEvent.Cancel : JobEvent.Fail, result);
                TellLater(result);
            }
            else if (wanted)
            {
                Move(JobEvent.Cancel);
            }

            _endDetail = detail;
            _endRequested.SetResult(reason);
            return true;
        }
    }

    /// <summary>Cancels the job if it waits; one that runs goes on.</summary>
    /// <param name="detail">Why, beyond who wants it; null for nothing.</param>
    /// <param name="by">The principal who wants it; null for the daemon itself.</param>
    /// <returns>Whether it waited.</returns>
    internal bool TryCancelWaiting(string? detail = null, string? by = null)
    {
        lock (_gate)
        {
            return State is JobState.Scheduled or JobState.Queued && RequestEnd(JobReason.Canceled, detail, by);
        }
    }

    /// <summary>Signals the job's process group; a job that has no process now gets nothing.</summary>
    /// <returns>Whether a process got it.</returns>
    public bool Signal(int signal)
    {
        Func<int, bool>? signalGroup;
        lock (_gate)
        {
            signalGroup = _signalGroup;
        }

        return signalGroup?.Invoke(signal) ?? false;
    }

    /// <summary>Lets go of the submitter's hold on the output. The job may still run.</summary>
    public void Dispose() => Output.Dispose();

    /// <summary>Completes at the next change of what <see cref="Snapshot"/> says, the sizes of the output aside.</summary>
    internal Task Changed()
    {
        lock (_gate)
        {
            return JobTransitions.IsTerminal(State) ? Task.CompletedTask : (_changed ??= NewSource()).Task;
        }
    }

    /// <summary>Leaves a waiting job to the next start of the daemon.</summary>
    /// <returns>Whether it was waiting, and nobody had left it before.</returns>
    internal bool TryPark()
    {
        lock (_gate)
        {
            if (_parked || State is not (JobState.Queued or JobState.Scheduled))
            {
                return false;
            }

            _parked = true;
            return true;
        }
    }

    /// <summary>Leaves a job that outlives the daemon to the next one, now or as soon as it has a keeper.</summary>
    /// <returns>Whether it will be left: it runs, and nobody wants it to end.</returns>
    internal bool TryLeave()
    {
        lock (_gate)
        {
            if (_parked || !Spec.Survives || State != JobState.Running || _endRequested.Task.IsCompleted)
            {
                return false;
            }

            _leaving = true;
            LeaveIfKept();
            return true;
        }
    }

    /// <summary>Takes up the end that was wanted of a daemon before this one.</summary>
    internal void ResumeEnding()
    {
        lock (_gate)
        {
            if (State == JobState.Canceling)
            {
                _endRequested.TrySetResult(JobReason.Canceled);
            }
        }
    }

    /// <summary>Ends a job that a daemon before this one ran when it died.</summary>
    internal void Lose()
    {
        lock (_gate)
        {
            Change(
                _record with
                {
                    Reason = JobReason.Lost,
                    Detail = "the daemon died while it ran",
                    FinishedAt = _clock.GetUtcNow().UtcDateTime,
                    OutputIncomplete = true,
                },
                JobEvent.Lose);
        }
    }

    /// <summary>Takes a job up again that a daemon before this one ran when it died and that has an attempt left.</summary>
    internal void RetryAfterDeath(DateTime next)
    {
        lock (_gate)
        {
            Change(WaitingForRetry(next, "the daemon died while it ran"), JobEvent.Retry);
        }
    }

    /// <summary>Moves a job on for which the stage before its turn that it was in is over: to the next one, or into its queue.</summary>
    /// <returns>False when it waits no longer, or not for that.</returns>
    internal bool TryAdvance()
    {
        lock (_gate)
        {
            if (_parked || State != JobState.Scheduled)
            {
                return false;
            }

            DateTime now = _clock.GetUtcNow().UtcDateTime;
            if (_record.NotBefore > now)
            {
                Change(_record with { Reason = _record.Reason == JobReason.Retry ? JobReason.Retry : JobReason.Time });
            }
            else
            {
                Change(_record with { Reason = null, Detail = null, QueuedAt = Spec.Queue is null ? null : now }, JobEvent.Due);
            }

            return true;
        }
    }

    /// <summary>Changes a job that has not started, or waits for its next attempt.</summary>
    internal UpdateOutcome TryUpdate(JobUpdate update, long? expectedVersion)
    {
        lock (_gate)
        {
            if (_parked || State is not (JobState.Queued or JobState.Scheduled))
            {
                return UpdateOutcome.NotQueued;
            }

            if (expectedVersion is { } expected && expected != _record.Version)
            {
                return UpdateOutcome.VersionMismatch;
            }

            Spec = Spec with
            {
                Queue = update.Queue ?? Spec.Queue,
                Priority = update.Priority ?? Spec.Priority,
                Labels = update.Labels ?? Spec.Labels,
                NotBefore = update.NotBefore ?? Spec.NotBefore,
            };
            HasHadLabels |= update.Labels is not null;
            JobRecord record = _record with
            {
                Queue = Spec.Queue,
                Priority = Spec.Priority,
                Labels = Spec.Labels,
                NotBefore = update.NotBefore ?? _record.NotBefore,
            };
            bool defers = State == JobState.Queued && update.NotBefore > _clock.GetUtcNow().UtcDateTime;
            Change(defers ? record with { Reason = JobReason.Time, QueuedAt = null } : record, defers ? JobEvent.Defer : null);
            return UpdateOutcome.Updated;
        }
    }

    /// <summary>Completes when the job is over and the history has been given its end.</summary>
    internal Task HandedOver => _handedOver.Task;

    internal void HandOver() => _handedOver.TrySetResult();

    /// <summary>Lets go of the history's hold on the output, once.</summary>
    internal void ReleaseOutput()
    {
        if (!Interlocked.Exchange(ref _outputReleased, true))
        {
            Output.Dispose();
        }
    }

    /// <summary>Moves a waiting job to running; false when it was cancelled, left to the next start or came too late before.</summary>
    internal bool TryStart()
    {
        lock (_gate)
        {
            if (_parked || JobTransitions.Next(State, JobEvent.Start) is null)
            {
                return false;
            }

            DateTime now = _clock.GetUtcNow().UtcDateTime;
            if (ExpiresAt <= now)
            {
                // Its alarm is about to ring, or a daemon that was down for longer has only just taken it up.
                RequestEnd(JobReason.Expired);
                return false;
            }

            Change(
                _record with
                {
                    StartedAt = now,
                    Attempt = _record.StartedAt is null ? _record.Attempt : _record.Attempt + 1,
                    AttemptStdoutOffset = Output.Produced(OutputStream.Stdout),
                    AttemptStderrOffset = Output.Produced(OutputStream.Stderr),
                    Reason = null,
                    Detail = null,
                },
                JobEvent.Start);
            return true;
        }
    }

    /// <summary>Counts bytes that went between its submitter and its process and are not kept.</summary>
    internal void HasPassed(long stdin = 0, long stdout = 0, long stderr = 0)
    {
        Interlocked.Add(ref _passedStdin, stdin);
        Interlocked.Add(ref _passedStdout, stdout);
        Interlocked.Add(ref _passedStderr, stderr);
    }

    internal void HasProcess(ChildProcess process) => HasProcess(process.Pid, process.SignalGroup);

    /// <summary>The same for a process that somebody else has started: a shell, a subserver.</summary>
    /// <param name="signalGroup">Signals its group and says whether a process got it; it may be called after the job's end, and then says no.</param>
    internal void HasProcess(int pid, Func<int, bool> signalGroup)
    {
        lock (_gate)
        {
            _signalGroup = signalGroup;
            Change(_record with { Pid = pid });
        }
    }

    /// <summary>The same for a process that outlives the daemon.</summary>
    internal void HasKeeper(int pid, Func<int, bool> signalGroup)
    {
        lock (_gate)
        {
            HasProcess(pid, signalGroup);
            _kept = true;
            LeaveIfKept();
        }
    }

    private void LeaveIfKept()
    {
        if (_leaving && _kept && !_endRequested.Task.IsCompleted)
        {
            _parked = true;
            _left.TrySetResult();
        }
    }

    /// <summary>
    /// Ends a job that ran, or lets it wait for its next attempt. A request that was accepted is its reason, also when it came after
    /// the result was judged.
    /// </summary>
    /// <param name="nextAttempt">When the next attempt would be, UTC; for one that has none left it says nothing.</param>
    internal void End(JobResult result, DateTime nextAttempt = default)
    {
        bool isOver;
        lock (_gate)
        {
            _signalGroup = null;
            _kept = false;
            if (_endRequested.Task.IsCompletedSuccessfully && result.Reason != JobReason.Lost)
            {
                result = result with { Reason = _endRequested.Task.Result, Detail = _endDetail ?? result.Detail };
            }

            isOver = !TryWaitAgain(result, nextAttempt);
            if (isOver)
            {
                Ends(result.Succeeded ? JobEvent.Succeed : result.Reason == JobReason.Lost ? JobEvent.Lose : JobEvent.Fail, result);
            }
        }

        if (isOver)
        {
            // Without the lock: whoever waits may go on here.
            Tell(result);
        }
    }

    private bool TryWaitAgain(JobResult result, DateTime nextAttempt)
    {
        if (State != JobState.Running || _record.Attempt >= _record.MaxAttempts || !result.IsWorthAnother)
        {
            return false;
        }

        Change(WaitingForRetry(nextAttempt, result.InWords), JobEvent.Retry);
        _endRequested = NewSource<JobReason>();
        _endDetail = null;

        // The next attempt reads its input anew: thousands that pause are not to hold theirs meanwhile.
        Spec.Stdin.Abandon();
        return true;
    }

    private JobRecord WaitingForRetry(DateTime next, string last) => _record with
    {
        Reason = JobReason.Retry,
        Detail = $"attempt {_record.Attempt} of {_record.MaxAttempts}: {last}",
        NotBefore = next,
        Pid = null,
        Process = null,
    };

    /// <summary>Whether a job that is where this one is can be ended for a reason: what is about a process comes too late for one that has none.</summary>
    private bool Applies(JobReason reason) => reason switch
    {
        JobReason.Canceled => !JobTransitions.IsTerminal(State),

        // What waits and is on disk is left to the next start.
        JobReason.Shutdown => !JobTransitions.IsTerminal(State) && !(IsDurable && State is (JobState.Scheduled or JobState.Queued)),
        JobReason.Dependency => State == JobState.Scheduled,
        JobReason.Expired => State is JobState.Scheduled or JobState.Queued && _record.StartedAt is null,
        _ => State is JobState.Running or JobState.Canceling,
    };

    private void Tell(JobResult result)
    {
        _ended.SetResult(result);
        _told.SetResult(result);
    }

    // Under the lock nobody goes on, also not who would at once.
    private void TellLater(JobResult result)
    {
        if (Spec.Wakes == Wakes.AtOnce)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static told => told.Job.Tell(told.Result), (Job: this, Result: result), preferLocal: false);
        }
        else
        {
            Tell(result);
        }
    }

    private void Ends(JobEvent happens, JobResult result)
    {
        bool started = _record.StartedAt is not null;
        Change(
            _record with
            {
                Reason = result.Reason,
                Detail = result.Detail,
                WaitStatus = result.Status?.Raw,
                FinishedAt = result.FinishedAt,
                Duration = started ? result.Duration : null,
                CpuUser = result.Usage?.User,
                CpuSystem = result.Usage?.System,
                MaxRssBytes = result.Usage?.MaxRssBytes,
                OutputIncomplete = result.OutputIncomplete,
            },
            happens);
        Output.Complete();
        Spec.Stdin.Abandon();
    }

    private void Move(JobEvent happens) => Change(_record, happens);

    private void Change(JobRecord record, JobEvent? happens = null)
    {
        JobState state = happens is not { } what ? State : JobTransitions.Next(State, what)
            ?? throw new InvalidOperationException($"Job {Id} is {State}: {what} means nothing to it.");
        bool isNews = state != State;
        _record = record with { State = state, Version = _record.Version + 1 };
        if (isNews)
        {
            JobMeter.Moved(_record);
            if (Changes is { HasSubscribers: true } changes)
            {
                changes.Publish(Snapshot());
            }
        }

        TaskCompletionSource? changed = _changed;
        _changed = null;
        changed?.TrySetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource<T> NewSource<T>(Wakes wakes = Wakes.OnPool) =>
        new(wakes == Wakes.AtOnce ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
}
