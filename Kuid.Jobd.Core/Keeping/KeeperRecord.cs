using System.Buffers.Binary;
using System.Text;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Keeping;

/// <summary>What a record of a keeper's log is about; the numbers are recorded (<c>daemon-c/keep.h</c>), append only.</summary>
internal enum KeeperRecordType
{
    /// <summary>The job runs; the first record.</summary>
    Started = 1,

    /// <summary>Bytes that it wrote to its standard output.</summary>
    Stdout = 2,

    /// <summary>Bytes that it wrote to its standard error.</summary>
    Stderr = 3,

    /// <summary>Its process has exited; output may follow.</summary>
    Exited = 4,

    /// <summary>The log is as large as it may be, and no more is read of the job.</summary>
    Full = 5,

    /// <summary>The keeper has done its work; the last record.</summary>
    End = 6,
}

/// <summary>One record of a keeper's log.</summary>
/// <param name="Time">When it was written, UTC.</param>
/// <param name="Payload">Valid until the next record is read.</param>
internal readonly record struct KeeperRecord(KeeperRecordType Type, DateTime Time, ReadOnlyMemory<byte> Payload);

/// <summary>Who keeps what: the payload of <see cref="KeeperRecordType.Started"/>.</summary>
/// <param name="KeeperPid">The keeper.</param>
/// <param name="Keeper">Which of all processes of that number.</param>
/// <param name="JobPid">The job's process, group and session.</param>
/// <param name="Job">Which of all processes of that number.</param>
internal sealed record KeeperStart(int KeeperPid, ProcessIdentity Keeper, int JobPid, ProcessIdentity Job)
{
    /// <summary>Bytes of the payload (<c>struct kept_started</c>).</summary>
    internal const int Size = 72;

    private const int Version = 1;

    /// <exception cref="InvalidDataException">It is another version's.</exception>
    internal static KeeperStart Parse(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != Size || BinaryPrimitives.ReadInt32LittleEndian(payload) != Version)
        {
            throw new InvalidDataException("it was written by a keeper of another version");
        }

        string boot = Encoding.ASCII.GetString(payload[32..].TrimEnd((byte)0));
        return new KeeperStart(
            BinaryPrimitives.ReadInt32LittleEndian(payload[4..]),
            new ProcessIdentity(boot, BinaryPrimitives.ReadInt64LittleEndian(payload[16..])),
            BinaryPrimitives.ReadInt32LittleEndian(payload[8..]),
            new ProcessIdentity(boot, BinaryPrimitives.ReadInt64LittleEndian(payload[24..])));
    }
}

/// <summary>How the process ended: the payload of <see cref="KeeperRecordType.Exited"/>.</summary>
internal sealed record KeeperExit(WaitStatus Status, ResourceUsage Usage)
{
    /// <summary>Bytes of the payload (<c>struct kept_exited</c>).</summary>
    internal const int Size = 40;

    internal static KeeperExit Parse(ReadOnlySpan<byte> payload) => payload.Length != Size
        ? throw new InvalidDataException("its record of the exit is of another size")
        : new KeeperExit(
            new WaitStatus(BinaryPrimitives.ReadInt32LittleEndian(payload)),
            new ResourceUsage(
                TimeSpan.FromMicroseconds(BinaryPrimitives.ReadInt64LittleEndian(payload[8..])),
                TimeSpan.FromMicroseconds(BinaryPrimitives.ReadInt64LittleEndian(payload[16..])),
                BinaryPrimitives.ReadInt64LittleEndian(payload[24..])));
}

/// <summary>How the output ended: the payload of <see cref="KeeperRecordType.End"/>.</summary>
/// <param name="IsIncomplete">Whether others still held it when it was given up.</param>
/// <param name="Lived">How long it took from the start of the job to here, by the clock that counts suspended time too.</param>
internal sealed record KeeperEnd(bool IsIncomplete, TimeSpan Lived)
{
    /// <summary>Bytes of the payload (<c>struct kept_end</c>).</summary>
    internal const int Size = 16;

    internal static KeeperEnd Parse(ReadOnlySpan<byte> payload) => payload.Length != Size
        ? throw new InvalidDataException("its record of the end is of another size")
        : new KeeperEnd(
            BinaryPrimitives.ReadInt32LittleEndian(payload) != 0,
            TimeSpan.FromMicroseconds(Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(payload[8..]))));
}
