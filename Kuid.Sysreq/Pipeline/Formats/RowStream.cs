using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Formats;

/// <summary>The bytes of a column, across rows, as a stream that is read once.</summary>
internal sealed class RowStream(IAsyncEnumerable<Value[]> rows, int index, CancellationToken cancellation) : Stream
{
    // A parser keeps what it has read of a value until that is whole.
    private const long LongestValue = 16 << 20;

    private readonly IAsyncEnumerator<Value[]> _rows = rows.GetAsyncEnumerator(cancellation);
    private ReadOnlyMemory<byte> _rest;
    private long _read;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The first character that is no white space, which stays to be read; null when there is none.</summary>
    public async ValueTask<char?> PeekAsync(CancellationToken cancellationToken)
    {
        do
        {
            _rest = _rest.TrimStart(" \t\r\n"u8);
            cancellationToken.ThrowIfCancellationRequested();
        }
        while (_rest.IsEmpty && await NextRowAsync());

        return _rest.IsEmpty ? null : (char)_rest.Span[0];
    }

    /// <summary>A value is whole: what was read for it no longer counts.</summary>
    public void ForgetRead() => _read = 0;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty)
        {
            if (!await NextRowAsync())
                return 0;
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        _read += count;
        return _read <= LongestValue ? count : throw new CommandException($"a value is longer than {LongestValue >> 20} MiB");
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _rows.DisposeAsync();
        await base.DisposeAsync();
    }

    private async ValueTask<bool> NextRowAsync()
    {
        if (!await _rows.MoveNextAsync())
            return false;

        _rest = ValueText.BytesOf(_rows.Current[index]);
        return true;
    }
}
