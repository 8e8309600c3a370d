using FsCheck.Fluent;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Values;

public sealed class TextFormsSpecs
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1000", 1000)]
    [InlineData("1KB", 1000)]
    [InlineData("1KiB", 1024)]
    [InlineData("1K", 1024)]
    [InlineData("1.5 MB", 1_500_000)]
    [InlineData("2M", 2 << 20)]
    [InlineData("3GiB", 3L << 30)]
    [InlineData("1T", 1L << 40)]
    [InlineData("7EiB", 7L << 60)]
    [InlineData("-1KB", -1000)]
    [InlineData("12B", 12)]
    public void A_size_is_read(string text, long bytes)
    {
        SizeText.TryParse(text, out long read).Should().BeTrue();
        read.Should().Be(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KB")]
    [InlineData("1XB")]
    [InlineData("1kb")]
    [InlineData("1s")]
    [InlineData("1m")]
    [InlineData("1 K B")]
    [InlineData("8EiB")]
    [InlineData("9223372036854775808")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    public void What_is_no_size_is_not_read_as_one(string text) => SizeText.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 KB")]
    [InlineData(1234567, "1.2 MB")]
    [InlineData(99_949, "99.9 KB")]
    [InlineData(99_950, "100 KB")]
    [InlineData(999_499, "999 KB")]
    [InlineData(999_500, "1.0 MB")]
    [InlineData(-1500, "-1.5 KB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    [InlineData(long.MinValue, "-9.2 EB")]
    public void A_size_is_shown_in_three_digits(long bytes, string shown) => SizeText.Display(bytes).Should().Be(shown);

    [Theory]
    [InlineData("5", 5_000_000_000)]
    [InlineData("0.25", 250_000_000)]
    [InlineData("7ns", 7)]
    [InlineData("3us", 3000)]
    [InlineData("250ms", 250_000_000)]
    [InlineData("1.5h", 5_400_000_000_000)]
    [InlineData("1h30m", 5_400_000_000_000)]
    [InlineData("1d 2h", 93_600_000_000_000)]
    [InlineData("2w", 1_209_600_000_000_000)]
    [InlineData("-3m", -180_000_000_000)]
    public void A_duration_is_read(string text, long nanoseconds)
    {
        DurationText.TryParse(text, out long read).Should().BeTrue();
        read.Should().Be(nanoseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1x")]
    [InlineData("1h30")]
    [InlineData("1M")]
    [InlineData("300000w")]
    [InlineData("15250w 5d")]
    public void What_is_no_duration_is_not_read_as_one(string text) => DurationText.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData(0, "0ns", "0")]
    [InlineData(1500, "1.5us", "0.0000015")]
    [InlineData(250_000_000, "250ms", "0.25")]
    [InlineData(1_999_999_999, "1.99s", "1.999999999")]
    [InlineData(59_999_000_000, "59.9s", "59.999")]
    [InlineData(185_000_000_000, "3m 5s", "185")]
    [InlineData(3_600_000_000_000, "1h", "3600")]
    [InlineData(7_500_000_000_000, "2h 5m", "7500")]
    [InlineData(273_600_000_000_000, "3d 4h", "273600")]
    [InlineData(-90_000_000_000, "-1m 30s", "-90")]
    public void A_duration_is_shown_in_two_units_and_written_in_seconds(long nanoseconds, string shown, string text)
    {
        DurationText.Display(nanoseconds).Should().Be(shown);
        DurationText.Of(nanoseconds).Should().Be(text);
    }

    [Theory]
    [InlineData("2026-11-21", 1795219200, 0)]
    [InlineData("2026-11-21 12:00", 1795262400, 0)]
    [InlineData("2026-11-21T12:00:00Z", 1795262400, 0)]
    [InlineData("2026-11-21 12:00:00 UTC", 1795262400, 0)]
    [InlineData("2026-11-21t12:00:00.123456789z", 1795262400, 123456789)]
    [InlineData("2026-11-21T14:00:00.5+02:00", 1795262400, 500000000)]
    [InlineData("1969-12-31T23:59:59.75Z", -1, 750000000)]
    [InlineData("@12.5", 12, 500000000)]
    [InlineData("@-7", -7, 0)]
    public void A_moment_is_read(string text, long seconds, int nanoseconds)
    {
        DateTimeText.TryParse(text, out DateTimeValue moment).Should().BeTrue();
        moment.Should().Be(new DateTimeValue(seconds, nanoseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("today")]
    [InlineData("2026-13-01")]
    [InlineData("2026-11-21 25:00")]
    [InlineData("2026-11-21T12:00:00.Z")]
    [InlineData("2026-11-21T12:00:00.1234567890Z")]
    [InlineData("12:00")]
    [InlineData("@")]
    public void What_is_no_moment_is_not_read_as_one(string text) => DateTimeText.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void A_moment_is_written_in_every_form()
    {
        var moment = new DateTimeValue(1795262400, 250_000_000);

        DateTimeText.Of(moment).Should().Be("2026-11-21T12:00:00.25Z");
        DateTimeText.Display(moment).Should().Be("2026-11-21 12:00:00Z");
        DateTimeText.Ruby(moment).Should().Be("2026-11-21 12:00:00.25 UTC");
        DateTimeText.Of(new DateTimeValue(long.MaxValue, 0)).Should().Be("@9223372036854775807");
    }

    [Fact]
    public void Every_moment_is_read_back_from_its_text() =>
        AnyValue.Check(
            Gen.Choose(int.MinValue, int.MaxValue).SelectMany(_ => Gen.Choose(0, 999_999_999), (seconds, nanoseconds) => new DateTimeValue(seconds * 100L, nanoseconds)),
            moment => (DateTimeText.TryParse(DateTimeText.Of(moment), out DateTimeValue read) ? read : null).Should().Be(moment));

    [Theory]
    [InlineData(0x81A4, "-rw-r--r--")]
    [InlineData(0x41FD, "drwxrwxr-x")]
    [InlineData(0x43FF, "drwxrwxrwt")]
    [InlineData(0x43FE, "drwxrwxrwT")]
    [InlineData(0x89ED, "-rwsr-xr-x")]
    [InlineData(0x8C24, "---Sr-Sr--")]
    [InlineData(0xA1FF, "lrwxrwxrwx")]
    [InlineData(0x01ED, "?rwxr-xr-x")]
    public void A_mode_looks_as_in_ls(int bits, string text) => ModeText.Of((uint)bits).Should().Be(text);

    [Fact]
    public void Every_mode_is_read_back_from_its_look()
    {
        for (uint mode = 0; mode <= 0xFFF; mode++)
        {
            ModeText.TryParse(ModeText.Of(mode | 0x4000), out uint read).Should().BeTrue();
            read.Should().Be(mode | 0x4000);
            ModeText.TryParse(ModeText.Octal(mode), out read).Should().BeTrue();
            read.Should().Be(mode);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("8")]
    [InlineData("0o644")]
    [InlineData("rwx")]
    [InlineData("rwxrwxrws")]
    [InlineData("xwrxwrxwr")]
    [InlineData("drwxr-xr-q")]
    [InlineData("zrwxr-xr-x")]
    [InlineData("777777")]
    public void What_is_no_mode_is_not_read_as_one(string text) => ModeText.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("plain é 漢", "plain é 漢")]
    [InlineData("a\tb\nc\r", "a\\tb\\nc\\r")]
    [InlineData("\u001b[31mred", "\\x1b[31mred")]
    [InlineData("\u009bm\u202ex\u200b\u2028", "\\u{9b}m\\u{202e}x\\u{200b}\\u{2028}")]
    public void What_a_terminal_would_act_on_is_written_out(string text, string shown) => VisibleText.Of(text).Should().Be(shown);

    [Fact]
    public void Half_of_a_surrogate_pair_is_written_out() => VisibleText.Of("\ud800x").Should().Be("\\u{d800}x");

    [Fact]
    public void Bytes_that_are_no_text_are_written_out() =>
        VisibleText.Of([(byte)'a', 0xFF, 0xC3, 0xA9, 0xC3]).Should().Be("a\\xffé\\xc3");
}
