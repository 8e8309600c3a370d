namespace Kuid.Jobd.Core.Jobs;

/// <summary>Where a job's standard input comes from. It is read by one task, the runner's.</summary>
public abstract class JobInput
{
    /// <summary>No input: the job reads the end of file at once.</summary>
    public static JobInput Empty { get; } = new Inline(default);

    /// <summary>Whether there is nothing to read, so that nobody needs to try.</summary>
    public virtual bool IsEmpty => false;

    /// <summary>Where it comes from, for those who read of the job.</summary>
    public virtual StdinMode Mode => IsEmpty ? StdinMode.None : StdinMode.Inline;

    /// <summary>The whole input when it is at hand; empty otherwise.</summary>
    public virtual ReadOnlyMemory<byte> Bytes => default;

    /// <summary>How many bytes there are to come; 0 when that is not known.</summary>
    public virtual long Length => Bytes.Length;

    /// <summary>Input that is at hand.</summary>
    public static JobInput FromBytes(ReadOnlyMemory<byte> bytes) => new Inline(bytes);

    /// <summary>
    /// Reads at least one byte. Bytes that have already arrived are returned even when the token is cancelled; only waiting
    /// for more is.
    /// </summary>
    /// <returns>The number of bytes; 0 at the end, when all that was promised has come.</returns>
    /// <exception cref="JobInputCutException">The input ended before its end.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation);

    /// <summary>Makes it ready to be read, from its beginning; called before each attempt.</summary>
    /// <exception cref="Storage.StoreException">It cannot be had.</exception>
    internal virtual ValueTask PrepareAsync() => default;

    /// <summary>The job, or its attempt, is over and reads no more: whoever still sends is not to wait for it.</summary>
    public virtual void Abandon()
    {
    }

    private sealed class Inline(ReadOnlyMemory<byte> bytes) : JobInput
    {
        private ReadOnlyMemory<byte> _rest = bytes;

        public override bool IsEmpty { get; } = bytes.IsEmpty;

        public override ReadOnlyMemory<byte> Bytes { get; } = bytes;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
        {
            int n = Math.Min(buffer.Length, _rest.Length);
            _rest[..n].CopyTo(buffer);
            _rest = _rest[n..];
            return ValueTask.FromResult(n);
        }
    }
}

/// <summary>Standard input that ended before all of it had arrived.</summary>
/// <param name="message">What is missing.</param>
public sealed class JobInputCutException(string message) : IOException(message);
