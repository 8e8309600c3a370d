using Kuid.Jobd.Core.Schedules;

namespace Kuid.Jobd.Core.Tests.Schedules;

public sealed class TimeZonesSpecs
{
    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("Etc/GMT+5")]
    [InlineData("UTC")]
    public void A_zone_of_the_IANA_database_is_found(string name) => TimeZones.Find(name).Id.Should().Be(name);

    [Theory]
    [InlineData("")]
    [InlineData("Europe/Atlantis")]
    [InlineData("W. Europe Standard Time")]
    [InlineData("../../../etc/localtime")]
    [InlineData("/etc/localtime")]
    [InlineData("Europe")]
    public void What_is_no_zone_is_refused_with_what_is_allowed(string name) =>
        FluentActions.Invoking(() => TimeZones.Find(name)).Should().Throw<FormatException>()
            .WithMessage($"there is no time zone \"{name}\"; allowed are names of the IANA database*");
}
