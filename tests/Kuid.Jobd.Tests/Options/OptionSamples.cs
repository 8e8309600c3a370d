using System.Net;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Doors;
using Microsoft.Extensions.Logging;
using SocketAddress = Kuid.Jobd.Doors.SocketAddress;

namespace Kuid.Jobd.Tests.Options;

/// <summary>Two good values of an option, what they mean where they arrive, and bad ones with the words that say what is allowed.</summary>
internal sealed record OptionSample(
    Func<DaemonOptions, object?> Read, (string Text, object? Means) First, (string Text, object? Means) Second, string[] Bad, string Allowed)
{
    /// <summary>Whether the two values mean different things; those of an option that can only be off do not.</summary>
    internal bool HasChoice => !Equals(First.Means, Second.Means);
}

/// <summary>A sample for each option of the table; an option without one fails every test that asks for it.</summary>
internal static class OptionSamples
{
    private const string Number = "a whole number from";
    private const string SecondsRange = "seconds from 0*to 1000000";

    private static readonly string NothingIni = Path.Combine(AppContext.BaseDirectory, "Options", "nothing.ini");
    private static readonly string[] NoNumbers = ["x", "-1", "+1", " 1", "1 ", "1.5", "1e3", "99999999999999999999", "0x1"];
    private static readonly string[] NoSeconds = ["x", "-1", "+1", " 1", "1,5", "1e3", "NaN", "Infinity", "1000000.1", "10s"];

    private static readonly Dictionary<string, OptionSample> Samples = new(StringComparer.Ordinal)
    {
        ["address"] = new(o => o.Address, ("/run/a", "/run/a"), ("8080", "8080"), [], ""),
        ["pidfile"] = new(o => o.Pidfile, ("/run/a.pid", "/run/a.pid"), ("b.pid", Path.GetFullPath("b.pid")), [], ""),
        ["foreground"] = new(o => o.Foreground, ("true", true), ("no", false), ["maybe", "TRUE?", "2"], "true, false"),
        ["data"] = new(o => o.Data, ("/var/a", "/var/a"), ("b", Path.GetFullPath("b")), [], ""),
        ["http"] = new(
            o => o.Http.Address, ("127.0.0.1:8080", new HttpAddress(IPAddress.Loopback, 8080)), ("[::]:1", new HttpAddress(IPAddress.IPv6Any, 1)),
            ["on", "8080", ":8080", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:80", "*:80", "127.1:80", "2130706433:80", "[127.0.0.1]:80", "example.org:80"],
            "127.0.0.1, [::1] or localhost*TLS"),
        ["http-names"] = new(o => o.Http.Names, ("jobs.example.org", "jobs.example.org"), ("a [::2]", "a [::2]"), ["a:80", "a/b", "*"], "names without a port"),
        ["tls-certificate"] = new(o => o.Tls.Certificate, ("/a.pem", "/a.pem"), ("b", Path.GetFullPath("b")), [], ""),
        ["tls-key"] = new(o => o.Tls.Key, ("/a.pem", "/a.pem"), ("b", Path.GetFullPath("b")), [], ""),
        ["tls-client-ca"] = new(o => o.Tls.ClientAuthority, ("/a.pem", "/a.pem"), ("b", Path.GetFullPath("b")), [], ""),
        ["http-socket"] = new(o => o.Http.Socket, ("/run/http", "/run/http"), ("off", null), [], ""),
        ["http-socket-mode"] = new(
            o => o.Http.Mode, ("0660", (UnixFileMode)0b110_110_000), ("666", (UnixFileMode)0b110_110_110), ["rw", "0700", "0440"], "octal read and write bits"),
        ["allow"] = new(
            o => o.Allow, ("uid:1000=run", AccessList.Of(["uid:1000=run"])), ("gid:5=read,run:weather cert:laptop.example=admin", AccessList.Of(["gid:5=read,run:weather", "cert:laptop.example=admin"])),
            ["x", "uid:1000", "=run", "uid:-1=run", "uid:4294967295=run", "user:me=run", "cert:=run", "uid:+1=run"], "PRINCIPAL=SCOPE"),
        ["audit-log"] = new(o => o.AuditLog, ("/var/log/a", "/var/log/a"), ("off", null), [], ""),
        ["http-connections"] = new(
            o => o.Http.Connections, ("1", 1), ("1000000", 1_000_000), [.. NoNumbers, "0", "1000001"], Number + " 1 to 1000000"),
        ["http-streams"] = new(
            o => o.Http.Streams, ("1", 1), ("1000000", 1_000_000), [.. NoNumbers, "0", "1000001"], Number + " 1 to 1000000"),
        ["history-output-bytes"] = new(o => o.History.OutputBytes, ("0", 0L), ("9223372036854775807", long.MaxValue), [.. NoNumbers, "off"], Number + " 0 to"),
        ["history-output-total-bytes"] = Count(o => o.History.OutputTotalBytes),
        ["history-output-days"] = Days(o => o.History.OutputAge),
        ["history-succeeded-days"] = Days(o => o.History.Succeeded.Age),
        ["history-succeeded-count"] = Count(o => o.History.Succeeded.Count),
        ["history-failed-days"] = Days(o => o.History.Failed.Age),
        ["history-failed-count"] = Count(o => o.History.Failed.Count),
        ["history-canceled-days"] = Days(o => o.History.Canceled.Age),
        ["history-canceled-count"] = Count(o => o.History.Canceled.Count),
        ["history-lost-days"] = Days(o => o.History.Lost.Age),
        ["history-lost-count"] = Count(o => o.History.Lost.Count),
        ["socket-mode"] = new(o => o.SocketMode, ("0660", (UnixFileMode)0b110_110_000), ("666", (UnixFileMode)0b110_110_110),
            ["rw", "0700", "0669", "07777", "0", "066", "0440", "-600", "0o600", "66666666666666"], "octal read and write bits, 0600 to 0666"),
        ["socket-group"] = new(o => o.SocketGroup, ("www", "www"), ("adm", "adm"), [], ""),
        ["isolation-sockproc"] = Profile(o => o.Isolation.Sockproc),
        ["isolation-http"] = Profile(o => o.Isolation.Http),
        ["isolation-minimum"] = Profile(o => o.Isolation.Minimum),
        ["isolation-coprocess"] = new(o => o.Isolation.Coprocess, ("none", IsolationProfile.None), ("Basic", IsolationProfile.Basic),
            ["user", "strict", "1", "off", "none,basic"], "none, basic"),
        ["isolation-user"] = new(o => o.Isolation.User, ("nobody", "nobody"), ("jobs", "jobs"), [], ""),
        ["isolation-environment"] = new(o => o.Isolation.Environment, ("A B_1", new WordList("A", "B_1")), ("HTTP_PROXY", new WordList("HTTP_PROXY")),
            ["A=1", "1A", "A-B", "A,B", " "], "names of variables"),
        ["isolation-open-files"] = new(o => o.Isolation.OpenFiles, ("off", null), ("256", 256L), [.. NoNumbers, "2", "1048577"], Number + " 3 to 1048576, or off"),
        ["isolation-processes"] = new(o => o.Isolation.Processes, ("off", null), ("100", 100L), [.. NoNumbers, "0", "4194305"], Number + " 1 to 4194304, or off"),
        ["isolation-writable"] = new(o => o.Isolation.Writable, ("/srv/a /srv/b", new WordList("/srv/a", "/srv/b")), ("/srv/c", new WordList("/srv/c")),
            ["srv", "/", "//x", "off", " "], "absolute paths of folders"),
        ["isolation-umask"] = new(o => o.Isolation.Umask, ("off", null), ("0027", (UnixFileMode)0b000_010_111),
            ["8", "1000", "rwx", "-1", "00027"], "octal bits, 0 to 0777, or off"),
        ["concurrency"] = new(o => o.Concurrency, ("1", 1), ("100000", 100_000), [.. NoNumbers, "0", "100001"], Number + " 1 to 100000"),
        ["grace"] = Seconds(o => o.Grace),
        ["cgroup"] = new(o => o.Cgroup, ("off", "off"), ("/sys/fs/cgroup/a", "/sys/fs/cgroup/a"), [], ""),
        ["log-level"] = new(o => o.LogLevel, ("debug", LogLevel.Debug), ("Warning", LogLevel.Warning),
            ["loud", "1", "-1", "+1", " debug", "debug,error"], "trace, debug, information, warning, error, critical, none"),
        ["log-format"] = new(o => o.LogFormat, ("json", LogFormat.Json), ("TEXT", LogFormat.Text), ["xml", "0", "text,json"], "text, json"),
        ["sockproc-command-bytes"] = new(
            o => o.Sockproc.CommandBytes, ("1", 1), ("131071", 131071), [.. NoNumbers, "0", "131072"], Number + " 1 to 131071"),
        ["sockproc-stdin-bytes"] = new(
            o => o.Sockproc.StdinBytes, ("0", 0L), ("9223372036854775807", long.MaxValue), [.. NoNumbers, "9223372036854775808"], Number + " 0 to"),
        ["sockproc-output-bytes"] = new(
            o => o.Sockproc.OutputBytes, ("1", 1L), ("9223372036854775807", long.MaxValue), [.. NoNumbers, "0", "OFF"], Number + " 1 to*or off"),
        ["sockproc-history-bytes"] = new(
            o => o.Sockproc.HistoryBytes, ("0", 0L), ("9223372036854775807", long.MaxValue), [.. NoNumbers, "off"], Number + " 0 to"),
        ["sockproc-header-seconds"] = Seconds(o => o.Sockproc.Header),
        ["sockproc-stdin-idle-seconds"] = Seconds(o => o.Sockproc.StdinIdle),
        ["sockproc-reply-idle-seconds"] = Seconds(o => o.Sockproc.ReplyIdle),
        ["sockproc-connections"] = new(
            o => o.Sockproc.Connections, ("1", 1), ("1000000", 1_000_000), [.. NoNumbers, "0", "1000001"], Number + " 1 to 1000000"),
        ["simple-commands"] = new(
            o => o.SimpleCommands, ("direct", SimpleCommands.Direct), ("shell", SimpleCommands.Shell), ["auto", "1", "direct,shell"], "direct, shell"),
        ["sockproc-disconnect"] = new(
            o => o.Sockproc.Disconnect, ("kill", DisconnectPolicy.Kill), ("keep", DisconnectPolicy.Keep), ["drop", "1", "-1", "keep,kill"], "keep, kill"),
        ["sockproc-drain-seconds"] = Seconds(o => o.Sockproc.Drain) with { Allowed = SecondsRange + "*or off" },
        ["sockproc-timeout-seconds"] = Seconds(o => o.Sockproc.Timeout) with { Allowed = SecondsRange + "*or off" },
        ["sysreq-server"] = new(o => o.Sysreq.Server, ("/opt/kuid-sysreqd", "/opt/kuid-sysreqd"), ("b", Path.GetFullPath("b")), [], ""),
        ["sysreq-profile"] = new(
            o => o.Sysreq.Profile, ("look", ServerProfile.Look), ("FULL", ServerProfile.Full), ["all", "0", "full,look"], "full, look"),
        ["survive"] = new(o => o.Survive.IsDefault, ("true", true), ("no", false), ["maybe", "2"], "true, false"),
        ["survive-log-bytes"] = new(
            o => o.Survive.LogBytes, ("65536", 65536L), ("9223372036854775807", long.MaxValue), [.. NoNumbers, "65535"], Number + " 65536 to*or off"),
        ["callback-allow"] = new(
            o => o.Callback.Allow, ("http://127.0.0.1:9/a", CallbackTargets.Of(["http://127.0.0.1:9/a"])),
            ("https://hooks.example/b http://[::1]/", CallbackTargets.Of(["https://hooks.example/b", "http://[::1]/"])),
            ["x", "/a", "ftp://127.0.0.1/", "http://a b/", "127.0.0.1:9"], "an absolute http or https URL of at most"),
        ["callback-backoff-seconds"] = Seconds(o => o.Callback.Backoff),
        ["coprocess-socket"] = new(o => o.Coprocess.Socket, ("/run/a", "/run/a"), ("b", Path.GetFullPath("b")), [], ""),
        ["coprocess-mode"] = new(
            o => o.Coprocess.Mode, ("0660", (UnixFileMode)0b110_110_000), ("666", (UnixFileMode)0b110_110_110), ["rw", "0700", "0440"], "octal read and write bits"),
        ["coprocess-shell"] = new(o => o.Coprocess.Shell, ("/bin/dash", "/bin/dash"), ("ash", Path.GetFullPath("ash")), [], ""),
        ["coprocess-connections"] = new(
            o => o.Coprocess.Connections, ("1", 1), ("100000", 100_000), [.. NoNumbers, "0", "100001"], Number + " 1 to 100000"),
        ["coprocess-message-seconds"] = new(
            o => o.Coprocess.Message, ("2.5", TimeSpan.FromSeconds(2.5)), ("1000000", TimeSpan.FromSeconds(1_000_000)), [.. NoSeconds, "0"], "seconds from 0.001 to 1000000"),
        ["backlog"] = new(o => o.Backlog, ("1", 1), ("10000000", 10_000_000), [.. NoNumbers, "0", "10000001"], Number + " 1 to 10000000"),
        ["backlog-each"] = new(o => o.BacklogEach, ("1", 1), ("10000000", 10_000_000), [.. NoNumbers, "0", "10000001"], Number + " 1 to 10000000"),
        ["sockproc-stdin-rate"] = new(
            o => o.Sockproc.StdinRate, ("off", null), ("1000000000", 1_000_000_000), [.. NoNumbers, "0", "1000000001"], Number + " 1 to 1000000000, or off"),
        ["sockproc-reply-rate"] = new(
            o => o.Sockproc.ReplyRate, ("off", null), ("1000000000", 1_000_000_000), [.. NoNumbers, "0", "1000000001"], Number + " 1 to 1000000000, or off"),
        ["coprocess-message-bytes"] = new(
            o => o.Coprocess.MessageBytes, ("1", 1), ("1073741824", 1 << 30), [.. NoNumbers, "0", "1073741825"], Number + " 1 to 1073741824"),
        ["services"] = new(
            o => o.Services.Address,
            ("127.0.0.1:8080", SocketAddress.OfLoopback(new LoopbackAddress(IPAddress.Loopback, 8080))), ("/run/a", SocketAddress.OfPath("/run/a")),
            ["0.0.0.0:80", "127.0.0.1:0", "127.0.0.1:65536", "example.org:80", ":8080"], "127.0.0.1, [::1] or localhost"),
        ["services-mode"] = new(
            o => o.Services.Mode, ("0660", (UnixFileMode)0b110_110_000), ("666", (UnixFileMode)0b110_110_110), ["rw", "0700", "0440"], "octal read and write bits"),
        ["services-registry"] = new(o => o.Services.Registry, ("/run/a", "/run/a"), ("b", Path.GetFullPath("b")), [], ""),
        ["services-registry-mode"] = new(
            o => o.Services.RegistryMode, ("0660", (UnixFileMode)0b110_110_000), ("666", (UnixFileMode)0b110_110_110), ["rw", "0700", "0440"], "octal read and write bits"),
        ["services-connections"] = new(
            o => o.Services.Connections, ("1", 1), ("1000000", 1_000_000), [.. NoNumbers, "0", "1000001"], Number + " 1 to 1000000"),
        ["services-line-seconds"] = new(
            o => o.Services.Line, ("2.5", TimeSpan.FromSeconds(2.5)), ("1000000", TimeSpan.FromSeconds(1_000_000)), [.. NoSeconds, "0"], "seconds from 0.001 to 1000000"),
        ["services-arguments"] = new(
            o => o.Services.Arguments, ("0", 0), ("1000000", 1_000_000), [.. NoNumbers, "1000001"], Number + " 0 to 1000000"),
        ["services-bytes"] = new(
            o => o.Services.Bytes, ("16", 16), ("2097152", 2 * 1024 * 1024), [.. NoNumbers, "15", "2097153"], Number + " 16 to 2097152"),
        ["config"] = new(o => o.Config, ("/dev/null", "/dev/null"), (NothingIni, NothingIni), [], ""),
    };

    internal static OptionSample Of(OptionDefinition option) => Samples.TryGetValue(option.Name, out OptionSample? sample)
        ? sample
        : throw new InvalidOperationException($"the option {option.Name} needs a sample here");

    internal static IEnumerable<string> Names => Samples.Keys;

    private static OptionSample Profile(Func<DaemonOptions, object?> read) => new(
        read, ("basic", IsolationProfile.Basic), ("Strict", IsolationProfile.Strict), ["2", "all", "off", "none,basic", " none"], "none, basic, user, strict");

    private static OptionSample Days(Func<DaemonOptions, object?> read) => new(
        read, ("2.5", TimeSpan.FromDays(2.5)), ("off", null), [.. NoSeconds.Where(text => text != "1000000.1"), "36500.1"], "days from 0 to 36500, or off");

    private static OptionSample Count(Func<DaemonOptions, object?> read) => new(
        read, ("0", 0L), ("off", null), [.. NoNumbers, "9223372036854775808"], Number + " 0 to*or off");

    private static OptionSample Seconds(Func<DaemonOptions, object?> read) => new(
        read, ("2.5", TimeSpan.FromSeconds(2.5)), ("1000000", TimeSpan.FromSeconds(1_000_000)), NoSeconds, SecondsRange);
}
