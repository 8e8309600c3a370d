using Kuid.Sysreq.Remote;

namespace Kuid.Sysreq.Tests.Remote;

public sealed class ByteStringSpecs
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("übung ☃", "übung ☃")]
    [InlineData("a\nb\tc\r", "a\\nb\\tc\\r")]
    [InlineData("\u001b[31m\u007f", "\\x1b[31m\\x7f")]
    [InlineData("\u202Egnp.exe", "\\u202egnp.exe")]
    [InlineData("\u009b1m", "\\u009b1m")]
    [InlineData("back\\slash", "back\\\\slash")]
    public void What_would_confuse_a_terminal_is_escaped(string text, string shown) => new ByteString(text).ToString().Should().Be(shown);

    [Fact]
    public void Bytes_that_are_no_text_are_escaped_and_kept()
    {
        ByteString bytes = new byte[] { 0x61, 0xFF, 0xC3, 0x28, 0x00 };

        bytes.ToString().Should().Be("a\\xff\\xc3(\\x00");
        bytes.TryDecode().Should().BeNull();
        bytes.Memory.ToArray().Should().Equal(0x61, 0xFF, 0xC3, 0x28, 0x00);
    }

    [Theory]
    [InlineData("/proc", "stat", "/proc/stat")]
    [InlineData("/", "proc", "/proc")]
    [InlineData("a/", "b", "a/b")]
    [InlineData("", "b", "b")]
    [InlineData("/proc", "/sys", "/sys")]
    public void A_name_is_joined_to_its_folder(string folder, string name, string path) =>
        new ByteString(folder).Join(name).Should().Be(new ByteString(path));

    [Fact]
    public void Order_and_equality_are_those_of_the_bytes()
    {
        ByteString[] names = ["b", "ab", "a", new byte[] { 0xFF }];

        names.Order().Should().Equal("a", "ab", "b", new byte[] { 0xFF });
        (new ByteString("x") == new byte[] { 0x78 }).Should().BeTrue();
        new ByteString("x").GetHashCode().Should().Be(new ByteString(new byte[] { 0x78 }).GetHashCode());
        default(ByteString).Should().Be(new ByteString(""));
    }

    [Theory]
    [InlineData(0, 0, "1970-01-01T00:00:00.0000000+00:00")]
    [InlineData(-1, 999_999_900, "1969-12-31T23:59:59.9999999+00:00")]
    [InlineData(253402300799, 0, "9999-12-31T23:59:59.0000000+00:00")]
    public void A_time_of_the_kernels_is_a_time_of_ours_and_back(long seconds, uint nanoseconds, string text)
    {
        var time = new UnixTime(seconds, nanoseconds);

        time.ToDateTimeOffset()!.Value.ToString("o").Should().Be(text);
        UnixTime.From(time.ToDateTimeOffset()!.Value).Should().Be(time);
        new UnixTime(long.MaxValue, 0).ToDateTimeOffset().Should().BeNull();
    }
}
