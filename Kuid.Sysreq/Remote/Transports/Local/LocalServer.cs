using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// The server's side of a connection inside this process: one thread that reads requests and makes the calls itself.
/// <para>
/// The thread takes its descriptor table and its current folder, root and umask out of the process (unshare with CLONE_FILES and
/// CLONE_FS) and closes what it finds above 2 in its own table. So chdir and close are the connection's own, and a number that a
/// client names is no descriptor of the runtime's. One must stay: the memory file through which the runtime writes code that it
/// compiles, on this thread too (<see cref="RuntimeDescriptors"/>); <see cref="LocalCalls"/> keeps clients away from it.
/// </para>
/// <para>
/// The price: nothing may run on this thread that opens a descriptor for others to use, or that starts a thread, for a thread has the
/// table of the one that started it. A pool that is given work may start a thread, on the spot; one that did would later read
/// this table's descriptor 0 where the program means its own. So the other side is woken by the kernel, through a socket, and
/// this thread does nothing but call the kernel.
/// </para>
/// <para>
/// Memory is still the process's. Transfers go through a memory file, mostly descriptor 3, where a server has the connection; so the
/// kernel looks at every address, and a bad one is -EFAULT, not the end of the process.
/// </para>
/// </summary>
/// <param name="socket">The server's end of the connection. The thread takes it along; the process's own descriptor of it is closed.</param>
internal sealed class LocalServer(int socket)
{
    private const long CloneFsAndFiles = 0x200 | 0x400;
    private const long AtCurrentFolder = -100;
    private const int OpenReadWrite = 2;

    private readonly ManualResetEventSlim _started = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);
    private readonly IReadOnlyList<int> _kept = [.. RuntimeDescriptors.Find().Append(socket).Order()];
    private readonly LocalCalls _calls = new(Machine());
    private int _transferFile;
    private Exception? _failure;

    /// <summary>Starts the thread; ends when it is ready to serve.</summary>
    /// <exception cref="IOException">The kernel refused what it needs.</exception>
    public Task StartAsync()
    {
        new Thread(Run) { IsBackground = true, Name = "local system calls" }.Start();
        return Task.Run(() =>
        {
            _started.Wait();
            LibcSyscall.Call(_calls.Machine.Calls.Close.Number, socket);
            if (_failure is not null)
                throw _failure;
        });
    }

    private static Architecture Machine() => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => Architecture.X8664,
        System.Runtime.InteropServices.Architecture.Arm64 => Architecture.Aarch64,
        var other => throw new IOException($"local: there is no table of system calls for {other}"),
    };

    private void Run()
    {
        try
        {
            LeaveTheProcess();
        }
        catch (Exception error)
        {
            _failure = error;
        }

        _started.Set();
        try
        {
            if (_failure is null)
                Serve();
        }
        catch (Exception)
        {
            // What is left of the connection sees its end, as it does when a server process dies.
        }
        finally
        {
            // The table ends with the thread, and the socket with the table: the client sees the end of the connection.
            _calls.UnmapAll();
        }
    }

    private void LeaveTheProcess()
    {
        Must("unshare", CloneFsAndFiles);
        var first = 3L;
        foreach (var descriptor in _kept)
        {
            if (descriptor > first)
                Must("close_range", first, descriptor - 1);

            first = descriptor + 1L;
        }

        Must("close_range", first, uint.MaxValue);
        WithText("/dev/null", path =>
        {
            var devNull = Must("openat", AtCurrentFolder, path, OpenReadWrite);
            if (devNull != 0)
            {
                Must("dup3", devNull, 0);
                Must("close", devNull);
            }
        });
        WithText("transfers", name => _transferFile = (int)Must("memfd_create", name));
        _calls.Protect([.. _kept, _transferFile]);
    }

    private static void WithText(string text, Action<nint> action)
    {
        var copy = Marshal.StringToCoTaskMemUTF8(text);
        try
        {
            action(copy);
        }
        finally
        {
            Marshal.FreeCoTaskMem(copy);
        }
    }

    private long Must(string name, long a1, long a2 = 0, long a3 = 0)
    {
        var call = _calls.Machine.FindCall(name)!.Value;
        var result = LibcSyscall.Call(call.Number, a1, a2, a3);
        return Errno.Of(result) is { } error
            ? throw new IOException(
                $"local: system calls cannot be made in this process: {name}: {error.Name}, {error.Text}; "
                + "a kuid-sysreqd on a Unix socket (unix:PATH) or exec:kuid-sysreqd - does the same")
            : result;
    }

    private void Serve()
    {
        Span<byte> header = stackalloc byte[Request.HeaderLength];
        Span<long> arguments = stackalloc long[6];
        WriteIdent(header[..ServerIdent.Length]);
        while (Receive(header))
        {
            var number = BinaryPrimitives.ReadInt64LittleEndian(header);
            for (var i = 0; i < arguments.Length; i++)
                arguments[i] = BinaryPrimitives.ReadInt64LittleEndian(header[((i + 1) * sizeof(long))..]);

            var isTransfer = arguments[0] == SysreqClient.Descriptor;
            if (isTransfer && number == _calls.Machine.Calls.Read.Number)
                Reply(Upload(arguments[1], arguments[2]));
            else if (isTransfer && number == _calls.Machine.Calls.Write.Number)
                Reply(Download(arguments[1], arguments[2]));
            else if (_calls.EndsConnection(number, arguments))
                return;
            else
                Reply(_calls.Make(number, arguments));
        }
    }

    private void WriteIdent(Span<byte> ident)
    {
        "kuid-sysreq"u8.CopyTo(ident);
        ident[11] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(ident[12..], (ushort)_calls.Machine.Machine);
        BinaryPrimitives.WriteUInt16LittleEndian(ident[14..], (ushort)ServerFlags.Pipelines);
        Send(ident);
    }

    /// <summary>Receives as many bytes; false when the connection has ended before.</summary>
    private unsafe bool Receive(Span<byte> bytes)
    {
        fixed (byte* start = bytes)
            return MovesAll(_calls.Machine.Calls.Read, (long)start, bytes.Length);
    }

    /// <summary>Sends the bytes. Where the client has gone, the next request does not come.</summary>
    private unsafe void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            MovesAll(_calls.Machine.Calls.Write, (long)start, bytes.Length);
    }

    private bool MovesAll(SystemCall call, long address, int count)
    {
        for (var done = 0; done < count;)
        {
            var moved = LibcSyscall.Call(call.Number, socket, address + done, count - done);
            if (moved <= 0 && Errno.Of(moved) != Errno.EINTR)
                return false;

            done += (int)Math.Max(0, moved);
        }

        return true;
    }

    private void Reply(long result)
    {
        Span<byte> reply = stackalloc byte[Request.ReplyLength];
        BinaryPrimitives.WriteInt64LittleEndian(reply, result);
        Send(reply);
    }

    /// <summary>Takes all the bytes, whatever the address, so that the stream stays in step.</summary>
    private long Upload(long address, long count)
    {
        long result = count;
        for (long done = 0; done < count;)
        {
            var chunk = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, count - done));
            if (!Receive(chunk))
                return -Errno.EFAULT.Number;

            if (result == count && !(FileMoves("pwrite64", BufferAddress, chunk.Length) && FileMoves("pread64", address + done, chunk.Length)))
                result = -Errno.EFAULT.Number;

            done += chunk.Length;
        }

        return result;
    }

    /// <summary>Sends as many bytes as were asked for, zeros from a bad address on.</summary>
    private long Download(long address, long count)
    {
        long result = count;
        for (long done = 0; done < count;)
        {
            var chunk = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, count - done));
            if (result == count && !(FileMoves("pwrite64", address + done, chunk.Length) && FileMoves("pread64", BufferAddress, chunk.Length)))
                result = -Errno.EFAULT.Number;

            if (result != count)
                chunk.Clear();

            Send(chunk);
            done += chunk.Length;
        }

        return result;
    }

    private long BufferAddress => Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0);

    /// <summary>Moves all the bytes between memory and the start of the memory file.</summary>
    private bool FileMoves(string name, long address, int count)
    {
        var call = _calls.Machine.FindCall(name)!.Value;
        for (var done = 0; done < count;)
        {
            var moved = LibcSyscall.Call(call.Number, _transferFile, address + done, count - done, done);
            if (moved <= 0)
                return false;

            done += (int)moved;
        }

        return true;
    }
}
