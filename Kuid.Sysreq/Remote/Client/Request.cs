using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Kuid.Sysreq.Remote;

/// <summary>
/// One request of a batch and, once the batch is answered, its result. On the wire it is seven little-endian numbers of 64 bits; an
/// upload's bytes follow it, a download's bytes come before its reply.
/// </summary>
public sealed class Request
{
    internal const int HeaderLength = 56;
    internal const int ReplyLength = 8;

    private readonly long _number;
    private readonly Arguments _arguments;

    internal Request(Batch batch, long number, Arguments arguments)
    {
        Batch = batch;
        this._number = number;
        this._arguments = arguments;
    }

    /// <summary>What the kernel gave: -4095..-1 is a negated errno. Meaningless before the batch is answered.</summary>
    public long Result { get; internal set; }

    /// <summary>Whether the reply is there. A batch that was cancelled leaves its later requests unanswered.</summary>
    public bool IsAnswered { get; internal set; }

    /// <summary>A download's bytes, complete once it is answered.</summary>
    public ReadOnlyMemory<byte> Bytes => Incoming;

    internal Batch Batch { get; }
    internal ReadOnlyMemory<byte> Outgoing { get; init; }
    internal Memory<byte> Incoming { get; init; }
    internal int RequestBytes => HeaderLength + Outgoing.Length;
    internal int ReplyBytes => ReplyLength + Incoming.Length;

    /// <summary>The error that the result carries, or null.</summary>
    public Errno? Error => Errno.Of(Result);

    internal void WriteHeader(Span<byte> header)
    {
        BinaryPrimitives.WriteInt64LittleEndian(header, _number);
        for (var i = 0; i < Arguments.Count; i++)
            BinaryPrimitives.WriteInt64LittleEndian(header[((i + 1) * sizeof(long))..], _arguments[i]);
    }

    /// <summary>A transfer that moved another number of bytes than asked; null when all is well or the memory was bad.</summary>
    internal string? FindAbsurdity()
    {
        var transferred = Outgoing.Length + Incoming.Length;
        return transferred == 0 || Result == transferred || Error is not null
            ? null
            : $"a transfer of {transferred} bytes was answered with {Result}";
    }

    /// <summary>A transfer that the server could not make, which only happens where memory of the arena was unmapped by hand.</summary>
    internal SysreqException? FindTransferError() => Error is not { } error || Outgoing.Length + Incoming.Length == 0
        ? null
        : new SysreqException(Incoming.IsEmpty ? "upload" : "download", $"{Outgoing.Length + Incoming.Length} bytes", error);

    /// <summary>The six arguments of a call.</summary>
    [System.Runtime.CompilerServices.InlineArray(Count)]
    internal struct Arguments
    {
        public const int Count = 6;

        private long _first;

        public static Arguments Of(ReadOnlySpan<long> values)
        {
            if (values.Length > Count)
                throw new ArgumentException($"a system call takes at most {Count} arguments, not {values.Length}", nameof(values));

            var arguments = default(Arguments);
            values.CopyTo(MemoryMarshal.CreateSpan(ref arguments._first, Count));
            return arguments;
        }
    }
}
