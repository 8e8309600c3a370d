using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// A program on a terminal of its own, a pseudo-terminal of the server's machine: line editing, job control and Ctrl-C are what they are
/// there. It needs a connection to itself.
/// </summary>
/// <remarks>
/// The server is one thread that executes one call after the other, and one that waits for the program would keep it from hearing what
/// is typed. So it waits in a poll for two things: output of the program, and the connection itself. The next request, whatever it is,
/// ends the poll; a key is at the program as soon as the network brings it. Behind each poll follow a read that does not block and a
/// transfer of what an echo needs, so that one takes a single round trip. A server that is asked one thing at a time is sent no request
/// during a poll; there the poll ends by itself, soon.
/// </remarks>
public sealed class RemoteTerminal : IAsyncDisposable
{
    private const int ChunkLength = 64 * 1024;
    private const int EchoLength = 512;
    private const int LongestWrite = 4096;
    private const int PollLength = 16;
    private const int TimeoutOffset = PollLength;
    private const int StatusOffset = 32;
    private const int OutputOffset = 64;
    private const int MemoryLength = OutputOffset + ChunkLength;

    private const int PollEntryLength = 8;
    private const short PollIn = 1;
    private const int SignalSetLength = 8;
    private const int ErrnoOfHangup = 5;

    // ioctl_tty(2), the same on both machines.
    private const long UnlockSlave = 0x40045431;
    private const long GetSlaveNumber = 0x80045430;
    private const long SetSize = 0x5414;

    private static readonly TimeSpan DeafPollTime = TimeSpan.FromMilliseconds(50);

    private readonly RemoteSystem _system;
    private readonly SysreqClient _client;
    private readonly SystemCalls _calls;
    private readonly ScratchLease _memory;
    private readonly int _master;
    private int _pid;

    private RemoteTerminal(RemoteSystem system, ScratchLease memory, int master)
    {
        this._system = system;
        this._memory = memory;
        this._master = master;
        _client = system.Client;
        _calls = _client.Architecture.Calls;
    }

    /// <summary>Opens a terminal and starts a program on it, whose input is what is written here.</summary>
    /// <param name="system">The connection, which nobody else uses from now on.</param>
    /// <exception cref="SysreqException">There is no terminal, or the program cannot be started.</exception>
    public static async Task<RemoteTerminal> StartAsync(
        RemoteSystem system, RemoteProgram program, int columns, int rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(system);
        var file = await system.FindProgramAsync(program, cancellationToken);
        const OpenFlags Flags = OpenFlags.ReadWrite | OpenFlags.NoTerminal;
        var ptmx = await system.OpenAsync("/dev/ptmx", Flags | OpenFlags.NonBlocking, cancellationToken: cancellationToken);
        var buffer = await system.Client.Scratch.RentAsync(MemoryLength, cancellationToken);
        var terminal = new RemoteTerminal(system, buffer, ptmx);
        var slave = await system.OpenAsync(await terminal.UnlockAsync(cancellationToken), Flags, cancellationToken: cancellationToken);
        await terminal.ResizeAsync(columns, rows, cancellationToken);
        terminal._pid = await new ProgramStarter(system.Client).StartAsync(
            program, file, slave, slave, slave, cancellationToken, isTerminal: true);
        await system.CloseAsync(slave, cancellationToken);
        return terminal;
    }

    /// <summary>What the program writes, until it has hung up.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var polls = Polls();
        while (true)
        {
            var batch = new Batch();
            batch.Upload(_memory, polls);
            batch.Call(
                _calls.PPoll,
                _memory.Address,
                PollLength / PollEntryLength,
                _client.Ident.Pipelines ? 0 : _memory.AddressOf(TimeoutOffset, PollLength),
                0,
                SignalSetLength);
            var read = batch.Call(_calls.Read, _master, _memory.AddressOf(OutputOffset, ChunkLength), ChunkLength);
            var echo = batch.Download(_memory, EchoLength, OutputOffset);
            await _client.SendAsync(batch, cancellationToken);
            if (read.Error is { Number: ErrnoOfHangup } || read.Result == 0)
                yield break;

            if (read.Error is { } error && error != Errno.EAGAIN && error != Errno.EINTR)
                throw new SysreqException(_calls.Read.Name, "the terminal", error);

            if (read.Result > ChunkLength)
            {
                var absurd = new AbsurdReplyException($"read of at most {ChunkLength} bytes was answered with {read.Result}");
                _client.Abort(absurd);
                throw absurd;
            }

            var length = (int)Math.Max(0, read.Result);
            if (length > 0)
                yield return echo.Bytes[..Math.Min(length, EchoLength)];

            if (length > EchoLength)
            {
                var rest = new Batch();
                var bytes = rest.Download(_memory, length - EchoLength, OutputOffset + EchoLength);
                await _client.SendAsync(rest, cancellationToken);
                yield return bytes.Bytes;
            }
        }
    }

    /// <summary>Types. A terminal takes some thousand bytes that its program has not read, and then this waits.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        using var buffer = await _client.Scratch.RentAsync(LongestWrite, cancellationToken);
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, LongestWrite)];
            var batch = new Batch();
            batch.Upload(buffer, piece);
            var write = batch.Call(_calls.Write, _master, buffer.Address, piece.Length);
            await _client.SendAsync(batch, cancellationToken);
            if (write.Error is { Number: ErrnoOfHangup })
                return;

            if (write.Error is null)
                bytes = bytes[(int)Math.Min(write.Result, piece.Length)..];
            else if (write.Error == Errno.EAGAIN)
                await Task.Delay(DeafPollTime, cancellationToken);
            else if (write.Error != Errno.EINTR)
                throw new SysreqException(_calls.Write.Name, "the terminal", write.Error.Value);
        }
    }

    /// <summary>Tells the program of another size.</summary>
    public async Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken = default)
    {
        var size = new byte[4 * sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(size, (ushort)rows);
        BinaryPrimitives.WriteUInt16LittleEndian(size.AsSpan(sizeof(ushort)), (ushort)columns);
        using var buffer = await _client.Scratch.RentAsync(size.Length, cancellationToken);
        var batch = new Batch();
        batch.Upload(buffer, size);
        batch.Call(_calls.IoCtl, _master, SetSize, buffer.Address);
        await _client.SendAsync(batch, cancellationToken);
    }

    /// <summary>Waits for the program itself, once it has hung up.</summary>
    /// <returns>The raw status of wait(2): 256 times the exit code, or the signal.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken = default)
    {
        var batch = new Batch();
        var wait = batch.Call(_calls.Wait4, _pid, _memory.AddressOf(StatusOffset, sizeof(int)), 0, 0);
        var status = batch.Download(_memory, sizeof(int), StatusOffset);
        await _client.SendAsync(batch, cancellationToken);
        return wait.Error is { } error
            ? throw new SysreqException(_calls.Wait4.Name, _pid.ToString(CultureInfo.InvariantCulture), error)
            : BinaryPrimitives.ReadInt32LittleEndian(status.Bytes.Span);
    }

    /// <summary>Hangs up: a program that still runs gets SIGHUP, as when a window is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        var batch = new Batch();
        batch.Call(_calls.Close, _master);
        try
        {
            await _client.SendAsync(batch);
        }
        catch (IOException)
        {
            // With the connection the server is gone, and with it its end of the terminal.
        }

        _memory.Dispose();
    }

    private async Task<ByteString> UnlockAsync(CancellationToken cancellationToken)
    {
        var batch = new Batch();
        batch.Upload(_memory, new byte[sizeof(int)]);
        var unlock = batch.Call(_calls.IoCtl, _master, UnlockSlave, _memory.Address);
        var get = batch.Call(_calls.IoCtl, _master, GetSlaveNumber, _memory.Address);
        var number = batch.Download(_memory, sizeof(int));
        await _client.SendAsync(batch, cancellationToken);
        return (unlock.Error ?? get.Error) is { } error
            ? throw new SysreqException(_calls.IoCtl.Name, "/dev/ptmx", error)
            : string.Create(CultureInfo.InvariantCulture, $"/dev/pts/{BinaryPrimitives.ReadInt32LittleEndian(number.Bytes.Span)}");
    }

    /// <summary>Two struct pollfd, the terminal and the connection, and a timeout for who needs one.</summary>
    private byte[] Polls()
    {
        var bytes = new byte[2 * PollLength];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, _master);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(sizeof(int)), PollIn);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(PollEntryLength), SysreqClient.Descriptor);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(PollEntryLength + sizeof(int)), PollIn);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(TimeoutOffset + sizeof(long)), (long)DeafPollTime.TotalNanoseconds);
        return bytes;
    }
}
