namespace Kuid.Sysreq.Remote;

/// <summary>
/// The system calls of a connection with their types: bytes in, records out. Every call is made by the server process, relative to its
/// current folder and with its rights. A refused call throws <see cref="SysreqException"/>; a lost connection throws
/// <see cref="ConnectionLostException"/>. Calls may be made from many tasks; they are executed one after the other.
/// </summary>
public sealed partial class RemoteSystem(SysreqClient client)
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const int RemoveDirectory = 0x200;
    private const int OpenCloseOnExec = 0x80000;

    private readonly SystemCalls _calls = client.Architecture.Calls;

    /// <summary>The connection.</summary>
    public SysreqClient Client { get; } = client;

    /// <summary>Whether the server was given another root here: a second connection to it would not be where this one is.</summary>
    public bool IsConfined { get; private set; }

    /// <summary>Makes a call without memory and gives its result, or throws its error.</summary>
    private async Task<long> CallAsync(SystemCall call, long[] arguments, string shown, CancellationToken cancellationToken)
    {
        var batch = new Batch();
        var request = batch.Call(call, arguments);
        await Client.SendAsync(batch, cancellationToken);
        return Check(call, shown, request);
    }

    /// <summary>Makes a call whose memory begins with the bytes, stored in the same round trip.</summary>
    /// <param name="call">Which.</param>
    /// <param name="bytes">What is stored.</param>
    /// <param name="arguments">Its arguments, from the address where the bytes are.</param>
    /// <param name="shown">The arguments for people.</param>
    private async Task<long> CallAsync(
        SystemCall call, ReadOnlyMemory<byte> bytes, Func<long, long[]> arguments, string shown, CancellationToken cancellationToken)
    {
        using var memory = await Client.Scratch.RentAsync(bytes.Length, cancellationToken);
        var batch = new Batch();
        batch.Upload(memory, bytes);
        var request = batch.Call(call, arguments(memory.Address));
        await Client.SendAsync(batch, cancellationToken);
        return Check(call, shown, request);
    }

    /// <summary>Makes a call with one path.</summary>
    private Task<long> PathCallAsync(
        SystemCall call, ByteString path, Func<long, long[]> arguments, CancellationToken cancellationToken) =>
        CallAsync(call, Terminated(path), arguments, Quoted(path), cancellationToken);

    /// <summary>Makes a call with two paths.</summary>
    private Task<long> TwoPathCallAsync(
        SystemCall call, ByteString first, ByteString second, Func<long, long, long[]> arguments, CancellationToken cancellationToken)
    {
        var a = Terminated(first);
        var b = Terminated(second);
        byte[] both = [.. a, .. b];
        return CallAsync(
            call, both, address => arguments(address, address + a.Length), $"{Quoted(first)}, {Quoted(second)}", cancellationToken);
    }

    /// <summary>Makes a call that fills a structure, and gives that structure; two round trips.</summary>
    private async Task<ReadOnlyMemory<byte>> FilledAsync(
        SystemCall call, int length, Func<long, long[]> arguments, string shown, CancellationToken cancellationToken)
    {
        using var memory = await Client.Scratch.RentAsync(length, cancellationToken);
        var batch = new Batch();

        // The size is known, so the download need not wait for the result; after an error it brings what nobody looks at.
        var request = batch.Call(call, arguments(memory.Address));
        var download = batch.Download(memory, length);
        await Client.SendAsync(batch, cancellationToken);
        Check(call, shown, request);
        return download.Bytes;
    }

    private static long Check(SystemCall call, string shown, Request request) =>
        request.Error is { } error ? throw new SysreqException(call.Name, shown, error) : request.Result;

    /// <summary>A count that the kernel gave, which is never more than what was asked for.</summary>
    private int Count(SystemCall call, long result, int limit) => result >= 0 && result <= limit
        ? (int)result
        : throw Absurd($"{call.Name} of at most {limit} bytes was answered with {result}");

    /// <summary>Descriptors of a process are small: the kernel's own limit is 2^30 (fs.nr_open).</summary>
    private int DescriptorOf(SystemCall call, long result) => result is >= 0 and <= 1 << 30
        ? (int)result
        : throw Absurd($"{call.Name} gave the descriptor {result}");

    private AbsurdReplyException Absurd(string message)
    {
        var error = new AbsurdReplyException($"{message}; the connection was closed");
        Client.Abort(error);
        return error;
    }

    /// <summary>Reads a reply; one that makes no sense ends the connection.</summary>
    private T Decode<T>(Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (AbsurdReplyException error)
        {
            Client.Abort(error);
            throw;
        }
    }

    private static byte[] Terminated(ByteString path)
    {
        if (path.Span.Contains((byte)0))
            throw new ArgumentException($"{Quoted(path)} holds a NUL byte, which ends a path", nameof(path));

        var bytes = new byte[path.Length + 1];
        path.Span.CopyTo(bytes);
        return bytes;
    }

    private static string Quoted(ByteString path) => $"\"{path.ToString().Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
