using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Completion;

namespace Kuid.Jobd.Core.Sessions;

/// <summary>
/// A shell on a host that somebody has opened and comes back to: its directory, variables and functions stay from one evaluation to the
/// next. One thing at a time is done in it; each evaluation is a job like every other.
/// </summary>
/// <remarks>
/// It ends by <c>exit</c>, or with its connection. What has ended stays to be looked at, and says why, until it has been idle for as long
/// as any other may be.
/// </remarks>
public sealed class ShellSession
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly ITimer _expiry;
    private bool _inUse;
    private bool _closed;
    private Job? _evaluated;
    private string? _interruptedBy;
    private string? _end;
    private Task? _closing;

    internal ShellSession(string host, string principal, TimeSpan idle, BreakableTransport transport, Session session, TimeProvider clock, Action<ShellSession> expired)
    {
        Host = host;
        Principal = principal;
        Idle = idle;
        Transport = transport;
        Session = session;
        _clock = clock;
        CreatedAt = UsedAt = Now;
        _expiry = clock.CreateTimer(_ => expired(this), state: null, idle, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its name: 32 hexadecimal digits that nobody guesses, and that do not come again after a restart.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The host, by the name or address that it was opened with.</summary>
    public string Host { get; }

    /// <summary>Who opened it.</summary>
    public string Principal { get; }

    /// <summary>How long it stays when nothing is done in it.</summary>
    public TimeSpan Idle { get; }

    /// <summary>When it was opened, UTC.</summary>
    public DateTime CreatedAt { get; }

    /// <summary>When something was last done in it, UTC.</summary>
    public DateTime UsedAt { get; private set; }

    /// <summary>The process on the host that serves it.</summary>
    public int Pid => Session.Pid;

    /// <summary>The job of the evaluation that is being made, or was made last; null before the first.</summary>
    public Job? Job { get; private set; }

    /// <summary>Whether something is being done in it.</summary>
    public bool IsInUse => Volatile.Read(ref _inUse);

    /// <summary>Why nothing can be done in it any more; null while something can.</summary>
    public string? End => Volatile.Read(ref _end);

    /// <summary>The shell itself.</summary>
    internal Session Session { get; }

    /// <summary>Its connections, which can be closed whatever they are doing.</summary>
    internal BreakableTransport Transport { get; }

    private DateTime Now => _clock.GetUtcNow().UtcDateTime;

    /// <summary>Takes the session for oneself.</summary>
    /// <returns>Gives it back when it is disposed; null when somebody has it.</returns>
    /// <exception cref="SessionEndedException">It has ended.</exception>
    public IDisposable? TryUse()
    {
        lock (_gate)
        {
            if (_end is { } end)
            {
                throw new SessionEndedException(end);
            }

            if (_inUse)
            {
                return null;
            }

            _inUse = true;
            _expiry.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return new Use(this);
        }
    }

    /// <summary>Evaluates a pipeline, as a job. The caller has the session for itself.</summary>
    /// <param name="spec">The job, whose pipeline is made one of this session.</param>
    /// <returns>The job, which the caller disposes.</returns>
    public Job Evaluate(JobService jobs, JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(spec);
        Job job = jobs.Submit(spec with { Pipeline = spec.Pipeline! with { Session = this } });
        string? interruptedBy;
        bool isUnwanted;
        lock (_gate)
        {
            Job = _evaluated = job;
            interruptedBy = _interruptedBy;

            // Whoever closed it before looked for a job and found none.
            isUnwanted = interruptedBy is not null || _closed;
        }

        if (isUnwanted)
        {
            job.RequestEnd(JobReason.Canceled, by: interruptedBy);
        }

        return job;
    }

    /// <summary>Ends the evaluation that is being made, as Ctrl-C does at a terminal; the session goes on.</summary>
    /// <returns>Whether there was one to end.</returns>
    public bool Interrupt(string by)
    {
        Job? job;
        lock (_gate)
        {
            // One that has not come to its job yet is ended as soon as it has.
            _interruptedBy = _inUse ? by : null;
            job = _evaluated;
        }

        return job?.RequestEnd(JobReason.Canceled, by: by) ?? false;
    }

    /// <summary>What can stand at a place in a script. The caller has the session for itself.</summary>
    /// <exception cref="SessionEndedException">Its host is gone.</exception>
    public async Task<ScriptCompletion> CompleteAsync(string line, int position)
    {
        try
        {
            return await Session.CompleteAsync(line, position, CancellationToken.None).WaitAsync(Patience, _clock);
        }
        catch (TimeoutException)
        {
            Lose($"no answer of {Host} within {Patience.TotalSeconds} seconds");
            Transport.Break();
        }
        catch (IOException e)
        {
            Lose(e.Message);
        }

        throw new SessionEndedException(End!);
    }

    /// <summary>Notes that the connection is no more.</summary>
    internal void Lose(string why)
    {
        lock (_gate)
        {
            _end ??= why;
        }
    }

    /// <summary>Ends what is being done in it and closes the connection; completes when that is done.</summary>
    internal Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _end ??= "it was closed";
            return _closing ??= DisposeAsync();
        }
    }

    private async Task DisposeAsync()
    {
        await Task.Yield();
        await _expiry.DisposeAsync();
        Job? job;
        lock (_gate)
        {
            job = Job;
        }

        if (job is not null)
        {
            job.RequestEnd(JobReason.Canceled);
            await job.Ended;
        }

        Task goodbye = GoodbyeAsync();
        await Task.WhenAny(goodbye, Task.Delay(GoodbyePatience, _clock));
        Transport.Break();
        await goodbye;
    }

    private async Task GoodbyeAsync()
    {
        try
        {
            await Session.DisposeAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The host has gone before.
        }
    }

    private void GiveBack()
    {
        lock (_gate)
        {
            _inUse = false;
            _evaluated = null;
            _interruptedBy = null;
            UsedAt = Now;
            _end ??= Session.ExitStatus is { } status ? FormattableString.Invariant($"it was left by exit with the status {status}") : null;
            if (!_closed)
            {
                _expiry.Change(Idle, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed class Use(ShellSession session) : IDisposable
    {
        private bool _isOver;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _isOver, true))
            {
                session.GiveBack();
            }
        }
    }
}

/// <summary>A session in which nothing can be done any more.</summary>
/// <param name="why">Why not.</param>
public sealed class SessionEndedException(string why) : InvalidOperationException($"the session has ended: {why}");
