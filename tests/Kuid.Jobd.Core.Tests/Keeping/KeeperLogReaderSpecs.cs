using FsCheck;
using FsCheck.Fluent;
using Kuid.Jobd.Core.Keeping;
using Kuid.TestKit;

namespace Kuid.Jobd.Core.Tests.Keeping;

/// <summary>A keeper's log, read while it is written, torn anywhere and damaged anywhere.</summary>
public sealed class KeeperLogReaderSpecs : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RecordLogFile _whole = RecordLogFile.Whole();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_log_is_read_record_by_record()
    {
        using KeeperLogReader reader = Open(_whole.Bytes);
        reader.HasEnd().Should().BeTrue();

        List<(KeeperRecordType Type, int Length)> records = Read(reader);

        records.Select(record => record.Type).Should().Equal(
            KeeperRecordType.Started, KeeperRecordType.Stdout, KeeperRecordType.Stderr, KeeperRecordType.Stdout, KeeperRecordType.Exited,
            KeeperRecordType.Stdout, KeeperRecordType.End);
        records.Select(record => record.Length).Should().Equal(KeeperStart.Size, 4, 4, 300, KeeperExit.Size, 4, KeeperEnd.Size);
        reader.Position.Should().Be(_whole.Bytes.Length);
    }

    [Fact]
    public void A_log_that_ends_anywhere_has_the_records_before_and_no_fault_and_goes_on_when_the_rest_comes()
    {
        byte[] all = _whole.Bytes;
        for (int length = 0; length < all.Length; length++)
        {
            using KeeperLogReader reader = Open(all[..length]);
            reader.HasEnd().Should().BeFalse("{0} bytes are there", length);
            Read(reader).Should().HaveCount(_whole.Ends.Count(end => end <= length), "{0} bytes are there", length);

            File.AppendAllBytes(_folder["log"], all[length..]);
            Read(reader).Should().HaveCount(_whole.Ends.Count(end => end > length));
            reader.HasEnd().Should().BeTrue();
        }
    }

    [Fact]
    public void A_byte_that_is_another_one_is_a_fault_and_never_a_record() => Prop.ForAll(
        Arb.From(
            from place in Gen.Choose(0, _whole.Bytes.Length - 1)
            from change in Gen.Choose(1, 255)
            select (place, change)),
        flip =>
        {
            byte[] bytes = _whole.Bytes;
            bytes[flip.place] ^= (byte)flip.change;
            int before = _whole.Ends.Count(end => end <= flip.place);
            using KeeperLogReader reader = Open(bytes);
            var read = new List<(KeeperRecordType, int)>();
            try
            {
                // A length that has become larger may look like a record that is still being written.
                Read(reader, read);
            }
            catch (InvalidDataException e)
            {
                e.Message.Should().Be(FormattableString.Invariant($"its record log is damaged at byte {reader.Position}"));
            }

            read.Should().HaveCount(before);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void What_is_no_record_log_is_a_fault()
    {
        using KeeperLogReader reader = Open("hello"u8.ToArray());

        FluentActions.Invoking(() => Read(reader)).Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void A_length_that_no_record_has_is_a_fault_before_as_much_has_come()
    {
        byte[] bytes = _whole.Bytes[..24];
        bytes[10] = 2;

        using KeeperLogReader reader = Open(bytes);

        FluentActions.Invoking(() => Read(reader)).Should().Throw<InvalidDataException>();
    }

    private static List<(KeeperRecordType Type, int Length)> Read(KeeperLogReader reader, List<(KeeperRecordType Type, int Length)>? into = null)
    {
        into ??= [];
        while (reader.TryRead(out KeeperRecord record))
        {
            into.Add((record.Type, record.Payload.Length));
        }

        return into;
    }

    private KeeperLogReader Open(byte[] bytes)
    {
        File.WriteAllBytes(_folder["log"], bytes);
        return new KeeperLogReader(File.OpenHandle(_folder["log"], share: FileShare.ReadWrite));
    }
}
