namespace Kuid.Jobd.Core.Output;

/// <summary>The readers that a job waits for. The log's lock guards them.</summary>
internal sealed class AttachedReaders
{
    private readonly List<AttachedReader> _readers = [];
    private AttachedReader? _expected;
    private TaskCompletionSource? _moved;

    internal void Add(AttachedReader reader)
    {
        _readers.Add(reader);
        _expected?.TakenOverBy(reader);
    }

    /// <summary>Waits for readers that are still to come, in the place of a reader who reads nothing.</summary>
    internal void Expect(AttachedReader placeholder)
    {
        _readers.Add(placeholder);
        _expected = placeholder;
    }

    /// <summary>Whether a stream has none of the readers yet that are to come.</summary>
    internal bool AreExpected =>
        _expected is { Position: not { Stdout: long.MaxValue, Stderr: long.MaxValue } } placeholder && _readers.Contains(placeholder);

    /// <summary>How many bytes may be added to a stream before one is dropped that a reader has not had.</summary>
    internal long RoomIn(StreamLog log, OutputStream stream)
    {
        long room = long.MaxValue;
        foreach (AttachedReader reader in _readers)
        {
            room = Math.Min(room, log.RoomBefore(stream == OutputStream.Stdout ? reader.Position.Stdout : reader.Position.Stderr));
        }

        return room;
    }

    /// <summary>Completes when one of them has read on or gone.</summary>
    internal Task NextMove() => (_moved ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>One of them has read on, or has gone.</summary>
    /// <returns>Who waits for it, to be completed outside the lock.</returns>
    internal TaskCompletionSource? Moved(AttachedReader? gone)
    {
        if (gone is not null)
        {
            _readers.Remove(gone);
        }

        (TaskCompletionSource? waiting, _moved) = (_moved, null);
        return waiting;
    }
}
