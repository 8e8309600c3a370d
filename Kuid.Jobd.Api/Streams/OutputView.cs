using Kuid.Jobd.Core.Output;

namespace Kuid.Jobd.Api.Streams;

/// <summary>What of a job's output an operation shows, as one row of bytes that are counted from 0.</summary>
internal abstract class OutputView(OutputLog log)
{
    /// <summary>The log.</summary>
    protected OutputLog Log { get; } = log;

    /// <summary>The view of an operation.</summary>
    /// <param name="stream">The stream; null for both, in the order in which they came.</param>
    internal static OutputView Of(OutputLog log, OutputStream? stream) =>
        stream is { } one ? new StreamView(log, one) : new MergedView(log);

    /// <summary>Its name, for messages.</summary>
    internal abstract string Name { get; }

    /// <summary>How many bytes there are so far.</summary>
    internal abstract long Length { get; }

    /// <summary>Whether no more will come.</summary>
    internal bool IsComplete => Log.IsComplete;

    /// <summary>The bytes that were dropped: the first of them and the one after the last; equal when there are none.</summary>
    internal abstract (long Start, long End) Gap { get; }

    /// <summary>Whether bytes between two offsets are missing.</summary>
    internal abstract bool IsTruncated(long start, long end);

    /// <summary>Copies the bytes from one offset to before another, as fast as they are taken.</summary>
    /// <param name="end">Where to end; when not following, no more than there are.</param>
    /// <param name="follow">Whether to wait for what is to come, and to have the job wait for this reader.</param>
    /// <param name="contiguous">Whether it is a fault when bytes in between have been dropped.</param>
    /// <exception cref="OutputDroppedException">They have.</exception>
    internal abstract Task CopyAsync(Stream body, long start, long end, bool follow, bool contiguous, CancellationToken cancellation);
}

/// <summary>The job went on writing and dropped bytes that an answer had promised: it is cut off rather than wrong.</summary>
internal sealed class OutputDroppedException() : IOException("The job has dropped output that was being sent.");
