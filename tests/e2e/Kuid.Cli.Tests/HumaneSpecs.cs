using Kuid.Cli.Api;
using Kuid.Cli.Printing;

namespace Kuid.Cli.Tests;

public sealed class HumaneSpecs
{
    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0, "0ms")]
    [InlineData(0.85, "850ms")]
    [InlineData(0.9999, "1.0s")]
    [InlineData(3.21, "3.2s")]
    [InlineData(59.94, "59.9s")]
    [InlineData(59.97, "1m 00s")]
    [InlineData(245.0, "4m 05s")]
    [InlineData(3599.6, "1h 00m")]
    [InlineData(7800.0, "2h 10m")]
    [InlineData(273_600.0, "3d 4h")]
    public void A_duration_has_its_two_largest_units(double? seconds, string text) => Humane.Duration(seconds).Should().Be(text);

    [Fact]
    public void A_job_is_known_by_what_it_runs_and_a_callback_by_where_it_goes()
    {
        Humane.Command(new Job { Id = 1, State = JobState.Succeeded, Argv = ["echo", "a b"], CallbackUrl = "http://x/" }).Should().Be("echo 'a b'");
        Humane.Command(new Job { Id = 2, State = JobState.Succeeded, CallbackUrl = "http://x/" }).Should().Be("POST http://x/");
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(1_048_575, "1.0 MiB")]
    [InlineData(1_610_612_736, "1.5 GiB")]
    [InlineData(long.MaxValue, "8192.0 PiB")]
    public void A_size_has_a_unit(long bytes, string text) => Humane.Bytes(bytes).Should().Be(text);

    [Theory]
    [InlineData("plain äöü", "plain äöü")]
    [InlineData("a\nb\tc\r", @"a\nb\tc\r")]
    [InlineData("\u001b[2J\u009b1m", @"\u001B[2J\u009B1m")]
    [InlineData("a\u202eb", @"a\u202Eb")]
    public void Text_from_elsewhere_cannot_move_the_cursor(string text, string visible) => Visible.Of(text).Should().Be(visible);
}
