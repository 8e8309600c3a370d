namespace Kuid.Jobd.Core.Output;

/// <summary>
/// What is kept of a log beside its bytes: how much each stream was, how it was cut, and when its records came.
/// </summary>
/// <remarks>
/// <code>
/// shape   = version:u8 (1) stream stream           stdout, stderr
/// stream  = limit:v produced:v count:v record*     limit: 0 for none, else the limit + 1
/// record  = seq:v time:v offset:v                  each the difference to the record before; time in ms since 1970
/// v       = a 64-bit integer, 7 bits a byte, the least significant first, as BinaryWriter writes it
/// </code>
/// </remarks>
internal static class OutputShape
{
    private const byte Version = 1;

    // Three numbers of a byte each.
    private const int LeastRecord = 3;

    internal static byte[] Write(StreamLog stdout, StreamLog stderr)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Version);
        Write(writer, stdout);
        Write(writer, stderr);
        return bytes.ToArray();
    }

    /// <summary>Puts the streams together again.</summary>
    /// <param name="bytes">The bytes of a stream that has any.</param>
    /// <exception cref="InvalidDataException">It is no shape.</exception>
    internal static (StreamLog Stdout, StreamLog Stderr) Read(byte[] shape, Func<OutputStream, SpillingBytes> bytes, SpoolSpace space)
    {
        using var reader = new BinaryReader(new MemoryStream(shape));
        StreamLog? stdout = null, stderr = null;
        try
        {
            if (reader.ReadByte() != Version)
            {
                throw new InvalidDataException("the shape of a job's output has a version that is not known");
            }

            stdout = Read(reader, () => bytes(OutputStream.Stdout), space);
            stderr = Read(reader, () => bytes(OutputStream.Stderr), space);
            return (stdout, stderr);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException("the shape of a job's output is damaged", e);
        }
        finally
        {
            if (stderr is null)
            {
                // The memory that the first stream has taken would never be given back.
                stdout?.Dispose();
            }
        }
    }

    private static void Write(BinaryWriter writer, StreamLog log)
    {
        writer.Write7BitEncodedInt64(log.Limit + 1 ?? 0);
        writer.Write7BitEncodedInt64(log.Produced);
        writer.Write7BitEncodedInt64(log.Records.Count);
        (long seq, long time, long offset) = (0, 0, 0);
        foreach (OutputRecord record in log.Records)
        {
            long milliseconds = new DateTimeOffset(record.Time, TimeSpan.Zero).ToUnixTimeMilliseconds();
            writer.Write7BitEncodedInt64(record.Seq - seq);
            writer.Write7BitEncodedInt64(milliseconds - time);
            writer.Write7BitEncodedInt64(record.Offset - offset);
            (seq, time, offset) = (record.Seq, milliseconds, record.Offset);
        }
    }

    private static StreamLog Read(BinaryReader reader, Func<SpillingBytes> bytes, SpoolSpace space)
    {
        long limit = reader.Read7BitEncodedInt64();
        long produced = reader.Read7BitEncodedInt64();
        long count = reader.Read7BitEncodedInt64();
        if (count < 0 || count > reader.BaseStream.Length / LeastRecord)
        {
            throw new FormatException($"{count} records");
        }

        var records = new OutputRecord[count];
        (long seq, long time, long offset) = (0, 0, 0);
        for (int i = 0; i < records.Length; i++)
        {
            seq += reader.Read7BitEncodedInt64();
            time += reader.Read7BitEncodedInt64();
            offset += reader.Read7BitEncodedInt64();
            records[i] = new OutputRecord(seq, DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime, offset);
        }

        return StreamLog.Restore(produced > 0 ? bytes() : new SpillingBytes(space), limit == 0 ? null : limit - 1, produced, records);
    }
}
