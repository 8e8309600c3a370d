using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// Moves bytes between a running program and the client. The server is one thread, so nothing here waits in it for long: a turn is one
/// poll of a fraction of a second, reads and a write that do not block, and a wait that does not either, all in one round trip; the
/// bytes are fetched in a second.
/// </summary>
internal sealed class ProgramPump(SysreqClient client, RemoteProgram program, ProgramPipes pipes, int pid)
{
    private const int ChunkLength = 64 * 1024;
    private const int PollEntryLength = 8;
    private const int PollOffset = 0;
    private const int TimeoutOffset = 32;
    private const int StatusOffset = 48;
    private const int OutputOffset = 64;
    private const int ErrorOffset = OutputOffset + ChunkLength;
    private const int InputOffset = ErrorOffset + ChunkLength;
    private const int MemoryLength = InputOffset + ChunkLength;
    private const short PollIn = 1;
    private const short PollOut = 4;
    private const int NoHang = 1;
    private const int SigKill = 9;
    private const int SignalSetLength = 8;
    private const int BrokenPipe = 32;

    // How long others on the connection may have to wait for a program that is silent.
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(100);

    private readonly SystemCalls _calls = client.Architecture.Calls;
    private readonly byte[] _inputBuffer = new byte[ChunkLength];
    private ReadOnlyMemory<byte> _input;
    private Task<int>? _inputRead;
    private bool _inputEnded;
    private bool _outputEnded;
    private bool _errorEnded;
    private int? _status;

    public async IAsyncEnumerable<ProgramOutput> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var memory = await client.Scratch.RentAsync(MemoryLength, cancellationToken);
        long? endedAt = null;
        if (program.Input is null)
            await EndInputAsync();

        while (_status is null || !(_outputEnded && _errorEnded))
        {
            await FeedAsync(cancellationToken);
            var (output, error) = await TurnAsync(memory, cancellationToken);
            if (!output.IsEmpty)
                yield return new ProgramOutput(OutputKind.Stdout, output, 0);

            if (!error.IsEmpty)
                yield return new ProgramOutput(OutputKind.Stderr, error, 0);

            // Whoever the program left behind may hold the pipes for ever.
            if (_status is not null)
                endedAt ??= TimeProvider.System.GetTimestamp();

            if (endedAt is { } since && output.IsEmpty && error.IsEmpty && TimeProvider.System.GetElapsedTime(since) > program.Drain)
                break;
        }

        yield return new ProgramOutput(OutputKind.Ended, default, _status!.Value);
    }

    /// <summary>Kills what still runs, the whole session of it, and reaps it.</summary>
    public async Task EndAsync()
    {
        if (_status is not null)
            return;

        var batch = new Batch();
        batch.Call(_calls.Kill, -pid, SigKill);
        batch.Call(_calls.Wait4, pid, 0, 0, 0);
        try
        {
            await client.SendAsync(batch, CancellationToken.None);
        }
        catch (IOException)
        {
            // With the connection the server is gone, and with the server the program's parent.
        }
    }

    /// <summary>Takes what the input has, without waiting for it while the program has something to say.</summary>
    private async Task FeedAsync(CancellationToken cancellationToken)
    {
        if (_inputEnded || !_input.IsEmpty)
            return;

        _inputRead ??= program.Input!.ReadAsync(_inputBuffer, cancellationToken).AsTask();
        if (!_inputRead.IsCompleted)
            return;

        var count = await _inputRead;
        _inputRead = null;
        _input = _inputBuffer.AsMemory(0, count);
        if (count == 0)
            await EndInputAsync();
    }

    private async Task EndInputAsync()
    {
        _inputEnded = true;
        _input = default;
        await pipes.CloseAsync(pipes.Ours[0]);
    }

    private async Task<(ReadOnlyMemory<byte> Output, ReadOnlyMemory<byte> Error)> TurnAsync(
        ScratchLease memory, CancellationToken cancellationToken)
    {
        var polls = Polls();
        var batch = new Batch();
        batch.Upload(memory, polls);
        batch.Call(
            _calls.PPoll, memory.AddressOf(PollOffset, polls.Length), PollCount, memory.AddressOf(TimeoutOffset, 16), 0, SignalSetLength);
        var output = _outputEnded ? null : batch.Call(_calls.Read, pipes.Ours[1], memory.AddressOf(OutputOffset, ChunkLength), ChunkLength);
        var error = _errorEnded ? null : batch.Call(_calls.Read, pipes.Ours[2], memory.AddressOf(ErrorOffset, ChunkLength), ChunkLength);
        if (!_input.IsEmpty)
            batch.Upload(memory, _input, InputOffset);

        var write = _input.IsEmpty ? null : batch.Call(_calls.Write, pipes.Ours[0], memory.AddressOf(InputOffset, _input.Length), _input.Length);

        // After the reads: once it has ended and they found nothing, there was nothing.
        var wait = _status is null ? batch.Call(_calls.Wait4, pid, memory.AddressOf(StatusOffset, sizeof(int)), NoHang, 0) : null;
        var statusBytes = batch.Download(memory, sizeof(int), StatusOffset);
        await client.SendAsync(batch, cancellationToken);

        if (wait?.Result == pid)
            _status = BinaryPrimitives.ReadInt32LittleEndian(statusBytes.Bytes.Span);
        else if (wait?.Error is { } waitError)
            throw new SysreqException(_calls.Wait4.Name, $"{pid}", waitError);

        await TakeWrittenAsync(write);
        var outputLength = LengthOf(output, ref _outputEnded);
        var errorLength = LengthOf(error, ref _errorEnded);
        if (outputLength + errorLength == 0)
            return default;

        var transfers = new Batch();
        var outputBytes = transfers.Download(memory, outputLength, OutputOffset);
        var errorBytes = transfers.Download(memory, errorLength, ErrorOffset);
        await client.SendAsync(transfers, cancellationToken);
        return (outputBytes.Bytes, errorBytes.Bytes);
    }

    private int PollCount => (_outputEnded ? 0 : 1) + (_errorEnded ? 0 : 1) + (_input.IsEmpty ? 0 : 1);

    /// <summary>struct pollfd for what is waited for, then the timeout.</summary>
    private byte[] Polls()
    {
        var bytes = new byte[TimeoutOffset + 16];
        var offset = 0;
        Add(!_outputEnded, pipes.Ours[1], PollIn);
        Add(!_errorEnded, pipes.Ours[2], PollIn);
        Add(!_input.IsEmpty, pipes.Ours[0], PollOut);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(TimeoutOffset + 8), (long)PollTime.TotalNanoseconds);
        return bytes;

        void Add(bool wanted, int descriptor, short events)
        {
            if (!wanted)
                return;

            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset), descriptor);
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(offset + sizeof(int)), events);
            offset += PollEntryLength;
        }
    }

    private async Task TakeWrittenAsync(Request? write)
    {
        if (write is null)
            return;

        if (write.Result is > 0 and var count && count <= _input.Length)
            _input = _input[(int)count..];
        else if (write.Error?.Number == BrokenPipe)
            await EndInputAsync();
        else if (write.Error is { } error && error != Errno.EAGAIN && error != Errno.EINTR)
            throw new SysreqException(_calls.Write.Name, "the program's input", error);
    }

    private int LengthOf(Request? read, ref bool ended)
    {
        if (read is null || read.Error == Errno.EAGAIN || read.Error == Errno.EINTR)
            return 0;

        if (read.Error is { } error)
            throw new SysreqException(_calls.Read.Name, "the program's output", error);

        if (read.Result is < 0 or > ChunkLength)
        {
            var absurd = new AbsurdReplyException($"read of at most {ChunkLength} bytes was answered with {read.Result}");
            client.Abort(absurd);
            throw absurd;
        }

        ended = read.Result == 0;
        return (int)read.Result;
    }
}
