namespace Kuid.Jobd.Core.Jobs;

/// <summary>All that wait and run, and when nothing does any more.</summary>
internal sealed class Backlogs
{
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    /// <summary>The jobs that are on disk.</summary>
    internal Backlog Accepted { get; } = new();

    /// <summary>The jobs whose client waits for them, of whom the doors bound the number too.</summary>
    internal Backlog Attended { get; } = new();

    /// <summary>Completes when it was closed and nothing is left.</summary>
    internal Task Idle => _idle.Task;

    internal void Add(Job job) => Of(job).Add(job.Spec);

    internal void Remove(Job job)
    {
        Of(job).Remove(job.Spec);
        CompleteIfIdle();
    }

    /// <summary>Nothing more is to come.</summary>
    internal void Close()
    {
        Volatile.Write(ref _closed, true);
        CompleteIfIdle();
    }

    private Backlog Of(Job job) => job.IsDurable ? Accepted : Attended;

    private void CompleteIfIdle()
    {
        if (Volatile.Read(ref _closed) && Accepted.IsEmpty && Attended.IsEmpty)
        {
            _idle.TrySetResult();
        }
    }
}
