using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

/// <summary>Bytes of a server, the original's own (its golden transcripts) and any others.</summary>
public sealed class DecoderSpecs
{
    private const string GoldenDirectory =
        "dc08b200000000009f3cb8d0459809481800042e00000000ec08b20000000000983f3b13c30e3751200008656d7074790000000000000000"
        + "eb08b200000000001eba4030d7643a5820000868656c6c6f2e7478740000000070c5030000000000ffffffffffffff7f1800042e2e000000";

    private const string GoldenStat =
        "00fe000000000000eb08b200000000000100000000000000a481000000000000000000000000000000000000000000000c0000000000000000"
        + "1000000000000008000000000000001633006b000000005fc5a31a000000001433006b000000006af60513000000001433006b00000000"
        + "6af6051300000000000000000000000000000000000000000000000000000000";

    [Fact]
    public void A_directory_of_the_original_is_read()
    {
        var entries = ReplyDecoder.DecodeDirectoryEntries(Convert.FromHexString(GoldenDirectory));

        entries.Select(entry => (entry.Name.ToString(), entry.Kind, entry.Inode)).Should().Equal(
            (".", FileKind.Directory, 11667676UL),
            ("empty", FileKind.Regular, 11667692UL),
            ("hello.txt", FileKind.Regular, 11667691UL),
            ("..", FileKind.Directory, 247152UL));
    }

    [Fact]
    public void A_stat_of_the_original_is_read()
    {
        var status = ReplyDecoder.DecodeStat(Architecture.X8664, Convert.FromHexString(GoldenStat));

        status.Mode.Should().Be(0x81A4);
        status.Size.Should().Be(12);
        status.Inode.Should().Be(11667691);
        status.BlockSize.Should().Be(4096);
        status.Blocks.Should().Be(8);
        status.Modified.Should().Be(new UnixTime(0x6B003314, 0x1305F66A));
    }

    [Fact]
    public void The_banner_of_the_original_is_the_originals()
    {
        var ident = ReplyDecoder.DecodeIdent(Convert.FromHexString("4bb1d7484554ae5ee8a43c652051544f"));

        ident.Should().Be(new ServerIdent(IsOriginal: true, 0, 62, ServerFlags.None));
        ident.Pipelines.Should().BeFalse();
    }

    [Theory]
    [InlineData(0, "a record of no length")]
    [InlineData(19, "one without room for a name")]
    [InlineData(25, "one that goes on after the end")]
    [InlineData(65535, "the longest there can be")]
    public void A_directory_entry_of_a_wrong_length_is_absurd(int length, string because)
    {
        var bytes = Convert.FromHexString(GoldenDirectory)[..24];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), (ushort)length);

        var decoding = () => ReplyDecoder.DecodeDirectoryEntries(bytes);

        decoding.Should().Throw<AbsurdReplyException>(because);
    }

    [Theory, InlineData(new byte[] { 0, 0, 0, 0, 0 }), InlineData(new byte[] { 97, 97, 97, 97, 97 }), InlineData(new byte[] { 97, 47, 98, 0, 0 })]
    public void A_name_that_is_empty_endless_or_a_path_is_absurd(byte[] name)
    {
        var bytes = Convert.FromHexString(GoldenDirectory)[..24];
        name.CopyTo(bytes, 19);

        var decoding = () => ReplyDecoder.DecodeDirectoryEntries(bytes);

        decoding.Should().Throw<AbsurdReplyException>();
    }

    [Fact]
    public void Whatever_the_bytes_the_outcome_is_a_value_or_one_kind_of_error()
    {
        var bytes = ArbMap.Default.ArbFor<byte>().Generator.ArrayOf(300);
        Prop.ForAll(bytes.ToArbitrary(), EveryDecoderIsSafe).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_golden_reply_with_any_byte_changed_or_cut_off_is_a_value_or_one_kind_of_error()
    {
        foreach (var golden in new[] { GoldenDirectory, GoldenStat })
        {
            for (var i = 0; i < golden.Length / 2; i++)
            {
                foreach (byte value in new byte[] { 0, 1, 0x7F, 0x80, 0xFF })
                {
                    var bytes = Convert.FromHexString(golden);
                    bytes[i] = value;
                    EveryDecoderIsSafe(bytes).Should().BeTrue();
                    EveryDecoderIsSafe(bytes[..i]).Should().BeTrue();
                }
            }
        }
    }

    private static bool EveryDecoderIsSafe(byte[] bytes)
    {
        Action[] decoders =
        [
            () => ReplyDecoder.DecodeIdent(bytes),
            () => ReplyDecoder.DecodeDirectoryEntries(bytes),
            () => ReplyDecoder.DecodeStatX(bytes),
            () => ReplyDecoder.DecodeStat(Architecture.X8664, bytes).Modified.ToDateTimeOffset(),
            () => ReplyDecoder.DecodeStat(Architecture.Aarch64, bytes).Modified.ToDateTimeOffset(),
            () => ReplyDecoder.DecodeStatFs(bytes),
            () => ReplyDecoder.DecodePath(bytes),
            () => ReplyDecoder.DecodeTime(bytes).ToDateTimeOffset(),
            () => ReplyDecoder.DecodeUName(bytes),
            () => ReplyDecoder.DecodeSysInfo(bytes),
            () => ReplyDecoder.DecodeLimit(bytes),
            () => ReplyDecoder.DecodeIds(bytes),
        ];

        foreach (var decode in decoders)
        {
            try
            {
                decode();
            }
            catch (AbsurdReplyException)
            {
                // That is the one kind.
            }
        }

        return true;
    }
}
