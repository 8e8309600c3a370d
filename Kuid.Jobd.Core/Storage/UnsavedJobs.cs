namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// The saves that are not written yet, one a job, and what of them is too much while the store takes none. Not thread-safe: it is the
/// writer's thread's own.
/// </summary>
internal sealed class UnsavedJobs
{
    private const int MostJobs = 20_000;
    private const long MostBytes = 32 * 1024 * 1024;

    private readonly OrderedDictionary<long, SaveRequest> _saves = [];
    private long _bytes;

    internal int Count => _saves.Count;

    /// <summary>The one that waits longest first.</summary>
    internal IEnumerable<SaveRequest> InOrder => _saves.Values;

    /// <summary>Takes a save; with an earlier one of its job it is one.</summary>
    internal void Put(SaveRequest save)
    {
        if (_saves.TryGetValue(save.Job.Id, out SaveRequest? earlier))
        {
            _bytes -= earlier.Output?.Bytes ?? 0;
            save.Absorb(earlier);
        }

        _saves[save.Job.Id] = save;
        _bytes += save.Output?.Bytes ?? 0;
    }

    internal void Remove(SaveRequest save)
    {
        _saves.Remove(save.Job.Id);
        _bytes -= save.Output?.Bytes ?? 0;
    }

    /// <summary>Gives up outputs, until those that are left are not too many bytes.</summary>
    /// <returns>The jobs whose outputs they were.</returns>
    internal IReadOnlyList<long> DropOutputs()
    {
        List<long> dropped = [];
        foreach (SaveRequest save in _saves.Values.Where(save => save.Output is { IsEmpty: false }).TakeWhile(_ => _bytes > MostBytes))
        {
            _bytes -= save.Output!.Bytes;
            save.DropOutput();
            dropped.Add(save.Job.Id);
        }

        return dropped;
    }

    /// <summary>The oldest of those that are too many and are over; those that still run will have a chance at their end.</summary>
    internal List<SaveRequest> Excess() => _saves.Count <= MostJobs ? []
        : [.. _saves.Values.Where(save => save.Job.Snapshot().HasEnded).Take(_saves.Count - MostJobs)];
}
