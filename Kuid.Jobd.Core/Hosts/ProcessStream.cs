using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Hosts;

/// <summary>
/// The stdin and stdout of a process as one stream, both ways at once. Its end is the process's: the whole group is ended and reaped.
/// </summary>
/// <param name="process">The process, which becomes this stream's.</param>
/// <param name="name">What messages call it.</param>
internal sealed class ProcessStream(PipedProcess process, string name) : Stream
{
    // ssh takes a moment to say goodbye; what has not gone by then is told to.
    private static readonly TimeSpan Goodbye = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(2);

    private readonly ErrorTail _errors = new(process.Stderr);
    private readonly CancellationTokenSource _closed = new();
    private Task? _ending;
    private bool _answered;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int n = await UnlessClosedAsync(async cancellation => await process.Stdout.ReadAsync(buffer, cancellation), cancellationToken);
        if (n == 0 && !_answered)
        {
            // It has not come to speak at all, and its last words say why.
            throw new IOException($"{name} ended: {await _errors.TextAsync()}");
        }

        _answered = true;
        return n;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await UnlessClosedAsync(
            async cancellation =>
            {
                await process.Stdin.WriteAsync(buffer, cancellation);
                return 0;
            },
            cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is held back.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("no thread waits for a pipe here");

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("no thread waits for a pipe here");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Ends the process; completes when it is reaped.</summary>
    public override async ValueTask DisposeAsync()
    {
        await End();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = End();
        }

        base.Dispose(disposing);
    }

    private Task End()
    {
        lock (_closed)
        {
            return _ending ??= EndAsync();
        }
    }

    private async Task EndAsync()
    {
        await _closed.CancelAsync();
        process.Stdin.Dispose();
        await Task.WhenAny(process.Exited, Task.Delay(Goodbye));
        if (!process.Exited.IsCompleted)
        {
            process.SignalGroup(SignalNames.SIGTERM);
            process.SignalGroup(SignalNames.SIGCONT);
            await Task.WhenAny(process.Exited, Task.Delay(KillAfter));
        }

        // Also for what the process has left behind in its group.
        process.SignalGroup(SignalNames.SIGKILL);
        await process.ReapAsync(TimeProvider.System);
        await _errors.StopAsync();
        process.Dispose();
    }

    private async ValueTask<T> UnlessClosedAsync<T>(Func<CancellationToken, ValueTask<T>> act, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _closed.Token);
        try
        {
            return await act(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new IOException($"the connection through {name} is closed", e);
        }
        catch (Exception e) when (e is NativeException or ObjectDisposedException)
        {
            // EPIPE: the process reads no more.
            throw new IOException($"{name} has ended", e);
        }
    }
}
