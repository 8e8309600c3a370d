namespace Kuid.Jobd.Core.Schedules;

/// <summary>The time zones of schedules: those of the IANA database, as the system has it.</summary>
public static class TimeZones
{
    /// <summary>The zone of schedules that name none.</summary>
    public const string Default = "UTC";

    private const int LongestName = 64;

    /// <summary>A zone by its name, such as <c>Europe/Berlin</c>.</summary>
    /// <exception cref="FormatException">There is none; the message says what is allowed.</exception>
    public static TimeZoneInfo Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        // Names are files to the framework, and it finds other systems' names too; those would differ from machine to machine.
        if (name == Default)
        {
            return TimeZoneInfo.Utc;
        }

        return name.Length <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
            && !name.StartsWith('/') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone)
            ? zone
            : throw new FormatException($"there is no time zone \"{name}\"; allowed are names of the IANA database such as Europe/Berlin, as far as /usr/share/zoneinfo has them (package tzdata), and UTC");
    }
}
