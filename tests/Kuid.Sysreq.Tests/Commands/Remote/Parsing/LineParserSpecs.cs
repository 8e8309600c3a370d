using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kuid.Sysreq.Pipeline.Commands.Remote;
using Kuid.Sysreq.Pipeline.Commands.Remote.Parsing;

namespace Kuid.Sysreq.Tests.Commands.Remote.Parsing;

/// <summary>The text files of a remote system, line by line.</summary>
public sealed class LineParserSpecs
{
    [Fact]
    public void A_bad_line_is_said_with_its_number_and_the_others_are_taken()
    {
        var lines = Parsed.Lines("MemTotal: 16 kB\nnonsense\n\nHugePages_Total:  3\n"u8, MemoryInfo.Parse);

        lines.Should().Equal(
            Parsed.Of(new MemoryInfo("MemTotal", 16 * 1024)),
            new Parsed<MemoryInfo>(null, "line 2: there is no name before a colon: \"nonsense\""),
            Parsed.Of(new MemoryInfo("HugePages_Total", 3)));
    }

    [Theory]
    [InlineData("MemTotal:", "there is no amount: \"MemTotal:\"")]
    [InlineData("MemTotal: -1 kB", "there is no amount: \"MemTotal: -1 kB\"")]
    [InlineData("MemTotal: 1 MB", "the unit is not kB: \"MemTotal: 1 MB\"")]
    [InlineData("MemTotal: 9223372036854775807 kB", "the amount is out of range: \"MemTotal: 9223372036854775807 kB\"")]
    [InlineData(": 1 kB", "there is no name before a colon: \": 1 kB\"")]
    public void A_line_of_meminfo_that_makes_no_sense_is_said(string line, string problem) =>
        MemoryInfo.Parse(Encoding.UTF8.GetBytes(line)).Problem.Should().Be(problem);

    [Fact]
    public void What_the_kernel_escapes_in_a_mount_is_unescaped_and_nothing_else() =>
        MountEntry.Parse("""/dev/disk\040one /mnt/a\011b\012c\134d\043e ext4 rw,x=\9,y=\04,z=\777 0 0"""u8).Entry.Should().Be(
            new MountEntry("/dev/disk one", "/mnt/a\tb\nc\\d#e", "ext4", """rw,x=\9,y=\04,z=\777"""));

    [Fact]
    public void A_mount_of_a_path_that_is_no_UTF8_keeps_its_bytes() =>
        MountEntry.Parse(Encoding.Latin1.GetBytes("none /mnt/\u00ff tmpfs rw 0 0")).Entry!.Target.Memory.ToArray()
            .Should().Equal([.. "/mnt/"u8, 0xFF]);

    [Fact]
    public void A_mount_with_too_few_fields_is_said() =>
        MountEntry.Parse("none /mnt tmpfs"u8).Problem.Should().Be("there are fewer than four fields: \"none /mnt tmpfs\"");

    [Theory]
    [InlineData("<6>[   12.345678] hello", 6, 0, 12_345_678_000L, "hello")]
    [InlineData("<30>[    0.000001] daemon", 6, 3, 1_000L, "daemon")]
    [InlineData("<3>[drm] no time", 3, 0, null, "[drm] no time")]
    [InlineData("<4>[    1.5] not a time either", 4, 0, null, "[    1.5] not a time either")]
    [InlineData("<0>", 0, 0, null, "")]
    [InlineData("<7>[    2.000000][  T1] caller", 7, 0, 2_000_000_000L, "[  T1] caller")]
    public void A_line_of_the_kernels_log_has_level_time_and_message(string line, int level, int facility, long? time, string message) =>
        KernelLogEntry.Parse(Encoding.UTF8.GetBytes(line)).Entry.Should().Be(new KernelLogEntry(level, facility, time, message));

    [Theory]
    [InlineData("no priority")]
    [InlineData("<>x")]
    [InlineData("<-1>x")]
    [InlineData("<99999999>x")]
    [InlineData("<6")]
    public void A_line_of_the_kernels_log_without_a_priority_is_said(string line) =>
        KernelLogEntry.Parse(Encoding.UTF8.GetBytes(line)).Problem.Should().Be($"there is no priority: \"{line}\"");

    [Fact]
    public void The_levels_are_those_of_syslog() => KernelLogEntry.Levels.Should()
        .Equal("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");

    [Fact]
    public void An_account_is_its_name_and_its_number()
    {
        Account.Parse("www-data:x:33:33:www:/var/www:/bin/false"u8).Entry.Should().Be(new Account("www-data", 33));
        Account.Parse("adm:x:4:syslog,ubuntu"u8).Entry.Should().Be(new Account("adm", 4));
    }

    [Theory]
    [InlineData("")]
    [InlineData("root")]
    [InlineData("root:x")]
    [InlineData("root:x:")]
    [InlineData("root:x:zero:0")]
    [InlineData("root:x:4294967296:0")]
    [InlineData(":x:0:0")]
    public void An_account_without_a_name_or_a_number_is_said(string line) =>
        Account.Parse(Encoding.UTF8.GetBytes(line)).Problem.Should().NotBeNull();

    [Theory]
    [InlineData("Name:\tx\nUmask:\t0027\nState:\tS\n", 0x17u)]
    [InlineData("Umask:\t0000\n", 0u)]
    [InlineData("Name:\tx\n", null)]
    [InlineData("Umask:\t89\n", null)]
    [InlineData("Umask:\n", null)]
    public void The_mask_of_new_files_is_read_from_the_status_of_a_process(string text, uint? mask) =>
        FileModeMask.Find(Encoding.UTF8.GetBytes(text)).Should().Be(mask);

    [Fact]
    public void No_bytes_whatever_end_in_an_exception() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        Parsed.Lines(bytes, MemoryInfo.Parse);
        Parsed.Lines(bytes, MountEntry.Parse);
        Parsed.Lines(bytes, KernelLogEntry.Parse);
        Parsed.Lines(bytes, Account.Parse);
        Parsed.Lines(bytes, InternetSocket.Parse);
        Parsed.Lines(bytes, UnixSocket.Parse);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Good_lines_with_a_byte_changed_never_end_in_an_exception()
    {
        string[] lines =
        [
            "MemTotal:  16316412 kB", "/dev/vda / ext4 rw\\040x 0 0", "<6>[   12.345678] hello", "root:x:0:0:root:/root:/bin/sh",
            "   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 21634 1 0 100 0 0 10 0",
            "0000000000000000: 00000002 00000000 00010000 0001 01 21601 /run/x.sock",
        ];
        foreach (var line in lines.Select(Encoding.UTF8.GetBytes))
        {
            for (var place = 0; place < line.Length; place++)
            {
                for (var value = 0; value <= byte.MaxValue; value++)
                {
                    byte[] changed = [.. line];
                    changed[place] = (byte)value;
                    Parsed.Lines(changed, MemoryInfo.Parse);
                    Parsed.Lines(changed, MountEntry.Parse);
                    Parsed.Lines(changed, KernelLogEntry.Parse);
                    Parsed.Lines(changed, Account.Parse);
                    Parsed.Lines(changed, InternetSocket.Parse);
                    Parsed.Lines(changed, UnixSocket.Parse);
                }
            }
        }
    }
}
