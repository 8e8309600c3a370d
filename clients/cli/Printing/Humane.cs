using System.Globalization;
using System.Text.Json;
using Kuid.Cli.Api;

namespace Kuid.Cli.Printing;

/// <summary>Times, durations, sizes and commands as people read them.</summary>
internal static class Humane
{
    private const string Nothing = "-";

    /// <summary>A time in the local time zone, to the second.</summary>
    internal static string Time(DateTimeOffset? time) =>
        time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? Nothing;

    /// <summary>A duration in its two largest units: <c>850ms</c>, <c>3.2s</c>, <c>4m 05s</c>, <c>2h 10m</c>, <c>3d 4h</c>.</summary>
    /// <param name="seconds">The duration; null when there is none.</param>
    internal static string Duration(double? seconds)
    {
        if (seconds is not { } s)
        {
            return Nothing;
        }

        // Rounded first: 59.97 s is a minute, not sixty seconds.
        double tenths = Math.Round(s, 1);
        long whole = (long)Math.Round(s);
        return s switch
        {
            < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, s) * 1000:0}ms"),
            _ when tenths < 60 => string.Create(CultureInfo.InvariantCulture, $"{tenths:0.0}s"),
            _ when whole < 3600 => string.Create(CultureInfo.InvariantCulture, $"{whole / 60}m {whole % 60:00}s"),
            _ when whole < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{whole / 3600}h {whole % 3600 / 60:00}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{whole / 86_400}d {whole % 86_400 / 3600}h"),
        };
    }

    /// <summary>A number of bytes: <c>512 B</c>, <c>1.5 MiB</c>.</summary>
    internal static string Bytes(long bytes)
    {
        string[] units = ["KiB", "MiB", "GiB", "TiB", "PiB"];
        if (bytes < 1024)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes} B");
        }

        double value = bytes / 1024.0;
        int unit = 0;
        while (Math.Round(value, 1) >= 1024 && unit < units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {units[unit]}");
    }

    /// <summary>How a job ended, or why it waits: <c>exit 3</c>, <c>SIGKILL</c>, <c>timeout</c>.</summary>
    internal static string Result(Job job) => job switch
    {
        { Reason: "exit", ExitCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"exit {code}"),
        { Reason: "signal", Signal: { } signal } => signal,
        _ => job.Reason ?? Nothing,
    };

    /// <summary>What it runs; the words of kind argv quoted as a shell would need them.</summary>
    internal static string Command(Job job) => job switch
    {
        { Command: { } command } => Visible.Of(command),
        { Pipeline: { } pipeline } => Visible.Of(pipeline),
        { Argv: { } words } => Command(words),
        { CallbackUrl: { } url } => Visible.Of($"POST {url}"),
        _ => Nothing,
    };

    /// <summary>What a submission runs.</summary>
    internal static string Command(JsonElement submission) =>
        Member.Of("command")(submission) is not Nothing and var command ? command
        : Member.Of("pipeline")(submission) is not Nothing and var pipeline ? pipeline
        : Member.Of("argv")(submission);

    /// <summary>A program and its arguments, quoted as a shell would need them.</summary>
    internal static string Command(IEnumerable<string> words) => Visible.Of(string.Join(' ', words.Select(Quote)));

    private static string Quote(string word)
    {
        const string Plain = "@%+=:,./-_";
        return word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
