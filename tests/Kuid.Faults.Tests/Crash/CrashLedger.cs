using System.Collections.Concurrent;
using System.Text.Json;
using Kuid.Jobd.Core.Jobs;

namespace Kuid.Faults.Tests.Crash;

/// <summary>
/// What clients have been told, and what jobs have done: the two that have to agree with the history whenever the daemon dies. A job
/// adds its name to one file, opened with O_APPEND and written in one call, so that what ran is known without the daemon.
/// </summary>
internal sealed class CrashLedger(TempFolder folder)
{
    private readonly ConcurrentDictionary<long, string> _ended = new();

    /// <summary>The jobs of which a client has a 202, by id.</summary>
    internal ConcurrentDictionary<long, string> Acknowledged { get; } = new();

    /// <summary>The names of those that somebody has asked to cancel, and may have been cancelled.</summary>
    internal ConcurrentDictionary<string, bool> Canceled { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of sockproc jobs whose reply has come whole.</summary>
    internal ConcurrentBag<string> Replied { get; } = [];

    /// <summary>What was wrong, each in a sentence.</summary>
    internal ConcurrentQueue<string> Faults { get; } = new();

    private string RanFile => folder["ran"];

    /// <summary>A command that says that it has run and then takes its time.</summary>
    /// <param name="seconds">How long, as sleep(1) takes it.</param>
    internal string CommandOf(string name, string seconds) => $"echo {name} >> {RanFile}; sleep {seconds} # {name}";

    /// <summary>The jobs that a client has been told it has cancelled before they started.</summary>
    internal ConcurrentDictionary<long, bool> CancelAcknowledged { get; } = new();

    /// <summary>How often a client has seen an end that was not on disk when the daemon was killed.</summary>
    internal int EndsForgotten { get; private set; }

    /// <summary>Notes the state of a job as a client was told it: a terminal one does not change.</summary>
    internal void Saw(JsonElement job)
    {
        long id = job.GetProperty("id").GetInt64();
        string state = job.GetProperty("state").GetString()!;
        string first = state is "succeeded" or "failed" or "canceled" or "lost" ? _ended.GetOrAdd(id, state) : _ended.GetValueOrDefault(id, state);
        if (first != state)
        {
            Faults.Enqueue($"job {id} was {first} and is {state}");
        }
    }

    /// <summary>
    /// Holds what clients have seen against what is on disk after a kill. An end is written some milliseconds after it can be seen, so one
    /// that is not there is forgotten; one that is there is what was seen, and a cancel that was answered is there.
    /// </summary>
    internal void Compare(IReadOnlyDictionary<long, JobTrace> onDisk)
    {
        foreach ((long id, string state) in _ended)
        {
            JobTrace job = onDisk[id];
            if (!job.IsOver)
            {
                _ended.TryRemove(id, out _);
                EndsForgotten++;
            }

            (job.IsOver && !string.Equals(job.State.ToString(), state, StringComparison.OrdinalIgnoreCase)).Should().BeFalse("job {0} was {1} and is {2} on disk", id, state, job.State);
        }

        foreach (long id in CancelAcknowledged.Keys)
        {
            onDisk[id].State.Should().Be(JobState.Canceled, "who cancelled job {0} was told so", id);
        }
    }

    /// <summary>How often each job has run.</summary>
    internal Dictionary<string, int> Runs() => File.Exists(RanFile)
        ? File.ReadLines(RanFile).CountBy(name => name, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal)
        : [];
}
