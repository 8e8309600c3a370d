using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>
/// Input that was submitted with a job and lies in the history until the job starts, so that jobs which wait, for their turn or
/// for their next attempt, hold no memory for it.
/// </summary>
/// <param name="read">Reads it.</param>
/// <param name="length">How many bytes there are.</param>
internal sealed class StoredInput(Func<Task<byte[]>> read, long length) : JobInput
{
    private JobInput _bytes = Empty;

    public override StdinMode Mode => StdinMode.Inline;

    public override long Length { get; } = length;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) => _bytes.ReadAsync(buffer, cancellation);

    public override void Abandon() => _bytes = Empty;

    internal override async ValueTask PrepareAsync()
    {
        byte[] bytes = await read();
        _bytes = bytes.Length == Length ? FromBytes(bytes) : throw new StoreException(
            StoreFault.Damaged, $"of the {Length} bytes of standard input that were submitted {bytes.Length} are there");
    }
}
