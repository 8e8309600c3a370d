using System.Globalization;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Doors;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>One option: its name on the command line, in the file and in the environment, and what it sets.</summary>
/// <param name="Name">The name; <c>sockproc-drain</c> is <c>drain</c> in the file's section <c>[sockproc]</c> too.</param>
/// <param name="Argument">The word for its value in the help.</param>
/// <param name="Help">What it does, with its default.</param>
/// <param name="Apply">Reads a value; throws <see cref="FormatException"/> saying what is allowed.</param>
/// <param name="IsList">Whether it takes several words, separated by spaces; on the command line it may come several times.</param>
internal sealed record OptionDefinition(
    string Name, string Argument, string Help, Func<DaemonOptions, string, DaemonOptions> Apply, bool IsList = false)
{
    /// <summary>The environment variable: <c>KUID_SOCKET_MODE</c>.</summary>
    internal string Variable => OptionTable.VariablePrefix + Name.Replace('-', '_').ToUpperInvariant();
}

/// <summary>Every option there is. Command line, configuration file, environment, help and reload all read this one table.</summary>
internal static class OptionTable
{
    internal const string VariablePrefix = "KUID_";
    internal const string Address = "address";
    internal const string Pidfile = "pidfile";
    internal const string Foreground = "foreground";
    internal const string Config = "config";

    private const string Profiles = "none|basic|user|strict";

    // A daemon leaves for /, and a reload reads relative paths again: they mean what they meant at the start.
    internal static readonly string StartFolder = CurrentFolder();

    internal static IReadOnlyList<OptionDefinition> All { get; } =
    [
        new(Address, "ADDRESS", "The sockproc socket: a path, or all digits for a TCP port on 127.0.0.1.",
            (o, v) => o with { Address = v }),
        new(Pidfile, "PIDFILE", "A file for the daemon's pid, removed when it stops.",
            (o, v) => o with { Pidfile = Path.GetFullPath(v, StartFolder) }),
        new(Foreground, "", "Stay in the foreground and log to stderr.",
            (o, v) => o with { Foreground = Value.Switch(v) }),
        new("data", "DIR", "The data folder. Default: $XDG_STATE_HOME/kuid, ~/.local/state/kuid, for root /var/lib/kuid.",
            (o, v) => o with { Data = Path.GetFullPath(v, StartFolder) }),
        new("http", "HOST:PORT|off", "HTTP on 127.0.0.1, [::1] or localhost, or with TLS on any address, for those who have a token. Default: off.",
            (o, v) => o with { Http = o.Http with { Address = v == "off" ? null : HttpAddress.Parse(v) } }),
        new("http-socket", "PATH|off", "HTTP on a Unix socket, for the daemon's user and root. Default: DIR/http.sock.",
            (o, v) => o with { Http = o.Http with { Socket = v == "off" ? null : Path.GetFullPath(v, StartFolder) } }),
        new("http-socket-mode", "MODE", "Its permissions, octal; --allow says who may do what. Default: 0600.",
            (o, v) => o with { Http = o.Http with { Mode = Value.Mode(v) } }),
        new("http-names", "NAME", "A name that HTTP answers to beside localhost, 127.0.0.1 and [::1]; may come several times. Default: none.",
            (o, v) => o with { Http = o.Http with { Names = Value.HostNames(v) } }, IsList: true),
        new("tls-certificate", "FILE", "The certificate of the HTTP port, PEM, with those between it and its authority. Default: no TLS.",
            (o, v) => o with { Tls = o.Tls with { Certificate = Path.GetFullPath(v, StartFolder) } }),
        new("tls-key", "FILE", "Its private key, PEM.",
            (o, v) => o with { Tls = o.Tls with { Key = Path.GetFullPath(v, StartFolder) } }),
        new("tls-client-ca", "FILE", "Who signs the certificates of clients, PEM; without one of them nobody connects. Default: clients need none.",
            (o, v) => o with { Tls = o.Tls with { ClientAuthority = Path.GetFullPath(v, StartFolder) } }),
        new("http-connections", "N", "HTTP connections at once, or fewer if open files are few. Default: 1000.",
            (o, v) => o with { Http = o.Http with { Connections = (int)Value.Number(v, 1, 1_000_000) } }),
        new("http-streams", "N", "Streams of events (/v1/events and those of jobs) at once. Default: 200.",
            (o, v) => o with { Http = o.Http with { Streams = (int)Value.Number(v, 1, 1_000_000) } }),
        new("socket-mode", "MODE", "Permissions of the Unix socket, octal. Default: 0600.",
            (o, v) => o with { SocketMode = Value.Mode(v) }),
        new("socket-group", "NAME", "Group of the Unix socket. Default: the daemon's.",
            (o, v) => o with { SocketGroup = v }),
        new("allow", "WHO=SCOPE", "What uid:N, gid:N or cert:NAME may do: read, run, admin, run:SERVICE; may come several times. Default: nobody but root and the daemon's user.",
            (o, v) => o with { Allow = AccessList.Of(v.Split(' ', StringSplitOptions.RemoveEmptyEntries)) }, IsList: true),
        new("audit-log", "PATH|off", "Where each decision about who may do what is noted, a line of JSON each. Default: DIR/audit.log.",
            (o, v) => o with { AuditLog = v == "off" ? null : Path.GetFullPath(v, StartFolder) }),
        new("concurrency", "N", "How many jobs a queue runs at once; sockproc jobs are in no queue. Default: 4 a core, at least 8.",
            (o, v) => o with { Concurrency = (int)Value.Number(v, 1, 100_000) }),
        new("backlog", "N", "How many jobs may wait and run in all; further ones are refused. Default: 100000.",
            (o, v) => o with { Backlog = (int)Value.Number(v, 1, 10_000_000) }),
        new("backlog-each", "N", "How many of them may be one user's or one token's. Default: 50000.",
            (o, v) => o with { BacklogEach = (int)Value.Number(v, 1, 10_000_000) }),
        new("grace", "SECONDS", "How long jobs may go on when the daemon stops, or after the SIGTERM of a cancel or a timeout. Default: 10.",
            (o, v) => o with { Grace = Value.Seconds(v) }),
        new("cgroup", "auto|off|PATH", "Where jobs get cgroups (v2), with which all they start is killed. Default: auto, below the daemon's own if it can.",
            (o, v) => o with { Cgroup = v is DaemonOptions.CgroupAuto or DaemonOptions.CgroupOff ? v : Path.GetFullPath(v, StartFolder) }),
        new("log-level", "LEVEL", "trace, debug, information, warning, error, critical or none. Default: information.",
            (o, v) => o with { LogLevel = Value.Word<LogLevel>(v) }),
        new("log-format", "text|json", "How log lines look. Default: text.",
            (o, v) => o with { LogFormat = Value.Word<LogFormat>(v) }),
        new("sockproc-command-bytes", "N", "The longest command. Default and most: 131071.",
            (o, v) => o with { Sockproc = o.Sockproc with { CommandBytes = (int)Value.Number(v, 1, SockprocOptions.MaxCommandBytes) } }),
        new("sockproc-stdin-bytes", "N", "The largest standard input. Default: 1099511627776.",
            (o, v) => o with { Sockproc = o.Sockproc with { StdinBytes = Value.Number(v, 0, long.MaxValue) } }),
        new("sockproc-output-bytes", "N|off", "End a job that writes more than this to a stream. Default: off.",
            (o, v) => o with { Sockproc = o.Sockproc with { OutputBytes = Value.OrOff(v, s => Value.Number(s, 1, long.MaxValue)) } }),
        new("sockproc-history-bytes", "N", "How much of each stream the history keeps of a job that its client has whole. Default: 1048576.",
            (o, v) => o with { Sockproc = o.Sockproc with { HistoryBytes = Value.Number(v, 0, long.MaxValue) } }),
        new("sockproc-header-seconds", "SECONDS", "How long a client may take for each of its two lines. Default: 10.",
            (o, v) => o with { Sockproc = o.Sockproc with { Header = Value.SomeSeconds(v) } }),
        new("sockproc-stdin-idle-seconds", "SECONDS", "How long a client may pause within its standard input. Default: 300.",
            (o, v) => o with { Sockproc = o.Sockproc with { StdinIdle = Value.SomeSeconds(v) } }),
        new("sockproc-reply-idle-seconds", "SECONDS", "How long a client may take nothing of its reply. Default: 60.",
            (o, v) => o with { Sockproc = o.Sockproc with { ReplyIdle = Value.SomeSeconds(v) } }),
        new("sockproc-stdin-rate", "BYTES|off", "How many bytes of its stdin a client sends a second at least, on average. Default: 1.",
            (o, v) => o with { Sockproc = o.Sockproc with { StdinRate = Value.OrOff(v, s => (int)Value.Number(s, 1, 1_000_000_000)) } }),
        new("sockproc-reply-rate", "BYTES|off", "How many bytes of its reply a client takes a second at least, on average. Default: 240.",
            (o, v) => o with { Sockproc = o.Sockproc with { ReplyRate = Value.OrOff(v, s => (int)Value.Number(s, 1, 1_000_000_000)) } }),
        new("sockproc-connections", "N", "Connections at once, or fewer if open files are few. Default: 10000.",
            (o, v) => o with { Sockproc = o.Sockproc with { Connections = (int)Value.Number(v, 1, 1_000_000) } }),
        new("sockproc-disconnect", "keep|kill", "The job of a client that hangs up (on TCP: resets). Default: keep.",
            (o, v) => o with { Sockproc = o.Sockproc with { Disconnect = Value.Word<DisconnectPolicy>(v) } }),
        new("sockproc-drain-seconds", "SECONDS|off", "Reply this long after the exit even if others hold the output. Default: off.",
            (o, v) => o with { Sockproc = o.Sockproc with { Drain = Value.OrOff(v, Value.Seconds) } }),
        new("sockproc-timeout-seconds", "SECONDS|off", "End jobs that run longer. Default: off.",
            (o, v) => o with { Sockproc = o.Sockproc with { Timeout = Value.OrOff(v, Value.Seconds) } }),
        new("history-output-bytes", "N", "How much of each stream of a job is kept, half head and half tail. Default: 67108864.",
            (o, v) => o with { History = o.History with { OutputBytes = Value.Number(v, 0, long.MaxValue) } }),
        new("history-output-total-bytes", "N|off", "How much output is kept in all, the newest. Default: 10737418240.",
            (o, v) => o with { History = o.History with { OutputTotalBytes = Value.OrOff(v, s => Value.Number(s, 0, long.MaxValue)) } }),
        new("history-output-days", "DAYS|off", "How long output is kept; off: as long as its job. Default: 7.",
            (o, v) => o with { History = o.History with { OutputAge = Value.OrOff(v, Value.Days) } }),
        .. RecordOptions("succeeded", h => h.Succeeded, (h, b) => h with { Succeeded = b }),
        .. RecordOptions("failed", h => h.Failed, (h, b) => h with { Failed = b }),
        .. RecordOptions("canceled", h => h.Canceled, (h, b) => h with { Canceled = b }),
        .. RecordOptions("lost", h => h.Lost, (h, b) => h with { Lost = b }),
        new("services", "HOST:PORT|PORT|PATH|off", "Where services are called: a Unix socket, or TCP of this machine. Default: off.",
            (o, v) => o with { Services = o.Services with { Address = v == "off" ? null : SocketAddress.OfThisMachine(v, StartFolder) } }),
        new("services-mode", "MODE", "Permissions of its Unix socket, octal. Default: 0600.",
            (o, v) => o with { Services = o.Services with { Mode = Value.Mode(v) } }),
        new("services-registry", "PATH", "The Unix socket where kuid advertise offers services. Default, with --services: DIR/registry.sock.",
            (o, v) => o with { Services = o.Services with { Registry = Path.GetFullPath(v, StartFolder) } }),
        new("services-registry-mode", "MODE", "Its permissions, octal: whoever may write to it may offer services. Default: 0600.",
            (o, v) => o with { Services = o.Services with { RegistryMode = Value.Mode(v) } }),
        new("services-connections", "N", "Calls at once, or fewer if open files are few. Default: 1000.",
            (o, v) => o with { Services = o.Services with { Connections = (int)Value.Number(v, 1, 1_000_000) } }),
        new("services-line-seconds", "SECONDS", "How long a caller may take for each of its lines. Default: 60.",
            (o, v) => o with { Services = o.Services with { Line = Value.SomeSeconds(v) } }),
        new("services-arguments", "N", "How many arguments a call may have. Default: 4096.",
            (o, v) => o with { Services = o.Services with { Arguments = (int)Value.Number(v, 0, 1_000_000) } }),
        new("services-bytes", "N", "How many bytes a caller may send before the empty line. Default: 1048576, most 2097152.",
            (o, v) => o with { Services = o.Services with { Bytes = (int)Value.Number(v, 16, 2 * 1024 * 1024) } }),
        new("sysreq-server", "FILE", "The kuid-sysreqd for pipelines on this machine. Default: the one beside kuid-jobd.",
            (o, v) => o with { Sysreq = o.Sysreq with { Server = Path.GetFullPath(v, StartFolder) } }),
        new("sysreq-profile", "full|look", "What it lets pipelines do: everything, or only look. Default: full.",
            (o, v) => o with { Sysreq = o.Sysreq with { Profile = Value.Word<ServerProfile>(v) } }),
        new("callback-allow", "URL", "Where the ends of jobs may be posted: this URL and what is below; may come several times. Default: nowhere.",
            (o, v) => o with { Callback = o.Callback with { Allow = CallbackTargets.Of(v.Split(' ', StringSplitOptions.RemoveEmptyEntries)) } }, IsList: true),
        new("callback-backoff-seconds", "SECONDS", "The pause after a callback's first attempt, doubled with each of the 8. Default: 15.",
            (o, v) => o with { Callback = o.Callback with { Backoff = Value.Seconds(v) } }),
        new("simple-commands", "direct|shell", "What executes a shell command that is only a program and its arguments: the daemon, with the same result in half the time, or the shell. Default: direct.",
            (o, v) => o with { SimpleCommands = Value.Word<SimpleCommands>(v) }),
        new("survive", "true|false", "Whether HTTP jobs that do not say go on when the daemon stops or dies. Default: false.",
            (o, v) => o with { Survive = o.Survive with { IsDefault = Value.Switch(v) } }),
        new("survive-log-bytes", "N|off", "The largest record log of such a job, which has all it writes. Default: 1073741824.",
            (o, v) => o with { Survive = o.Survive with { LogBytes = Value.OrOff(v, s => Value.Number(s, 65536, long.MaxValue)) } }),
        new("coprocess-socket", "PATH", "The coprocess socket, for clients that pass descriptors. Default: none.",
            (o, v) => o with { Coprocess = o.Coprocess with { Socket = Path.GetFullPath(v, StartFolder) } }),
        new("coprocess-mode", "MODE", "Its permissions, octal. Default: 0600.",
            (o, v) => o with { Coprocess = o.Coprocess with { Mode = Value.Mode(v) } }),
        new("coprocess-shell", "FILE", "The shell of each connection: bash, dash or busybox ash. Default: /bin/bash, or /bin/sh where there is none.",
            (o, v) => o with { Coprocess = o.Coprocess with { Shell = Path.GetFullPath(v, StartFolder) } }),
        new("coprocess-connections", "N", "Connections at once, or fewer if open files are few. Default: 100.",
            (o, v) => o with { Coprocess = o.Coprocess with { Connections = (int)Value.Number(v, 1, 100_000) } }),
        new("coprocess-message-bytes", "N", "The longest request. Default: 4194304.",
            (o, v) => o with { Coprocess = o.Coprocess with { MessageBytes = (int)Value.Number(v, 1, 1 << 30) } }),
        new("coprocess-message-seconds", "SECONDS", "How long a request may take from its first byte to its last. Default: 30.",
            (o, v) => o with { Coprocess = o.Coprocess with { Message = Value.SomeSeconds(v) } }),
        new("isolation-sockproc", Profiles, "The isolation of sockproc jobs: none, basic, user or strict. Default: none.",
            (o, v) => o with { Isolation = o.Isolation with { Sockproc = Value.Word<IsolationProfile>(v) } }),
        new("isolation-http", Profiles, "That of HTTP jobs and schedules that do not say. Default: basic.",
            (o, v) => o with { Isolation = o.Isolation with { Http = Value.Word<IsolationProfile>(v) } }),
        new("isolation-coprocess", "none|basic", "That of programs and shells of the coprocess socket. Default: basic.",
            (o, v) => o with { Isolation = o.Isolation with { Coprocess = Value.Word(v, IsolationProfile.None, IsolationProfile.Basic) } }),
        new("isolation-minimum", Profiles, "The least that a job may have; doors whose own is less have it. Default: none.",
            (o, v) => o with { Isolation = o.Isolation with { Minimum = Value.Word<IsolationProfile>(v) } }),
        new("isolation-user", "NAME", "The user of jobs of user and strict, where the daemon is root. Default: none.",
            (o, v) => o with { Isolation = o.Isolation with { User = v } }),
        new("isolation-environment", "NAME", "A variable of the daemon's that isolated jobs get too; may come several times. Default: none.",
            (o, v) => o with { Isolation = o.Isolation with { Environment = Value.Names(v) } }, IsList: true),
        new("isolation-open-files", "N|off", "How many files an isolated job may have open. Default: off.",
            (o, v) => o with { Isolation = o.Isolation with { OpenFiles = Value.OrOff(v, s => Value.Number(s, 3, 1 << 20)) } }),
        new("isolation-processes", "N|off", "How many processes the user of an isolated job may have; no limit to root. Default: off.",
            (o, v) => o with { Isolation = o.Isolation with { Processes = Value.OrOff(v, s => Value.Number(s, 1, 1 << 22)) } }),
        new("isolation-writable", "DIR", "A folder that strict jobs can write to; may come several times. Default: none.",
            (o, v) => o with { Isolation = o.Isolation with { Writable = Value.Folders(v) } }, IsList: true),
        new("isolation-umask", "MASK|off", "The umask of isolated jobs, octal; off: the daemon's. Default: off.",
            (o, v) => o with { Isolation = o.Isolation with { Umask = Value.OrOff(v, Value.Mask) } }),
        new(Config, "FILE", "A configuration file (INI) with these options as keys.",
            (o, v) => o with { Config = Path.GetFullPath(v, StartFolder) }),
    ];

    /// <summary>The names of the options that differ and that a running daemon does not take over.</summary>
    internal static IEnumerable<string> NotReloadable(DaemonOptions running, DaemonOptions wanted) =>
        TakeOver(running, wanted) == wanted ? [] : Differences(running, wanted);

    /// <summary>The running options with the new values of those that a running daemon takes over.</summary>
    internal static DaemonOptions TakeOver(DaemonOptions running, DaemonOptions wanted) => running with
    {
        Grace = wanted.Grace,
        Allow = wanted.Allow,
        LogLevel = wanted.LogLevel,
        Sockproc = wanted.Sockproc with { Connections = running.Sockproc.Connections },
        History = wanted.History with { OutputBytes = running.History.OutputBytes },
        Hosts = wanted.Hosts,
    };

    private static OptionDefinition[] RecordOptions(
        string state, Func<HistoryOptions, RecordBounds> read, Func<HistoryOptions, RecordBounds, HistoryOptions> write) =>
    [
        new($"history-{state}-days", "DAYS|off", $"How long jobs that ended {state} are remembered. Default: 30.",
            (o, v) => o with { History = write(o.History, read(o.History) with { Age = Value.OrOff(v, Value.Days) }) }),
        new($"history-{state}-count", "N|off", $"How many of them, the newest. Default: 1000000.",
            (o, v) => o with { History = write(o.History, read(o.History) with { Count = Value.OrOff(v, s => Value.Number(s, 0, long.MaxValue)) }) }),
    ];

    private static IEnumerable<string> Differences(DaemonOptions running, DaemonOptions wanted) =>
        new (string Name, bool Differs)[]
        {
            (Foreground, running.Foreground != wanted.Foreground),
            (Config, running.Config != wanted.Config),
            (Address, running.Address != wanted.Address),
            (Pidfile, running.Pidfile != wanted.Pidfile),
            ("data", running.Data != wanted.Data),
            ("socket-mode", running.SocketMode != wanted.SocketMode),
            ("socket-group", running.SocketGroup != wanted.SocketGroup),
            ("audit-log", running.AuditLog != wanted.AuditLog),
            ("concurrency", running.Concurrency != wanted.Concurrency),
            ("backlog", running.Backlog != wanted.Backlog),
            ("backlog-each", running.BacklogEach != wanted.BacklogEach),
            ("cgroup", running.Cgroup != wanted.Cgroup),
            ("log-format", running.LogFormat != wanted.LogFormat),
            ("http", running.Http.Address != wanted.Http.Address),
            ("http-socket", running.Http.Socket != wanted.Http.Socket),
            ("http-socket-mode", running.Http.Mode != wanted.Http.Mode),
            ("http-names", running.Http.Names != wanted.Http.Names),
            ("tls-certificate", running.Tls.Certificate != wanted.Tls.Certificate),
            ("tls-key", running.Tls.Key != wanted.Tls.Key),
            ("tls-client-ca", running.Tls.ClientAuthority != wanted.Tls.ClientAuthority),
            ("http-connections", running.Http.Connections != wanted.Http.Connections),
            ("http-streams", running.Http.Streams != wanted.Http.Streams),
            ("history-output-bytes", running.History.OutputBytes != wanted.History.OutputBytes),
            ("services", running.Services.Address != wanted.Services.Address),
            ("services-mode", running.Services.Mode != wanted.Services.Mode),
            ("services-registry", running.Services.Registry != wanted.Services.Registry),
            ("services-registry-mode", running.Services.RegistryMode != wanted.Services.RegistryMode),
            ("services-connections", running.Services.Connections != wanted.Services.Connections),
            ("services-line-seconds", running.Services.Line != wanted.Services.Line),
            ("services-arguments", running.Services.Arguments != wanted.Services.Arguments),
            ("services-bytes", running.Services.Bytes != wanted.Services.Bytes),
            ("sysreq-server", running.Sysreq.Server != wanted.Sysreq.Server),
            ("sysreq-profile", running.Sysreq.Profile != wanted.Sysreq.Profile),
            ("callback-allow", !running.Callback.Allow.Equals(wanted.Callback.Allow)),
            ("callback-backoff-seconds", running.Callback.Backoff != wanted.Callback.Backoff),
            ("simple-commands", running.SimpleCommands != wanted.SimpleCommands),
            ("survive", running.Survive.IsDefault != wanted.Survive.IsDefault),
            ("survive-log-bytes", running.Survive.LogBytes != wanted.Survive.LogBytes),
            ("isolation-sockproc", running.Isolation.Sockproc != wanted.Isolation.Sockproc),
            ("isolation-http", running.Isolation.Http != wanted.Isolation.Http),
            ("isolation-coprocess", running.Isolation.Coprocess != wanted.Isolation.Coprocess),
            ("isolation-minimum", running.Isolation.Minimum != wanted.Isolation.Minimum),
            ("isolation-user", running.Isolation.User != wanted.Isolation.User),
            ("isolation-environment", !running.Isolation.Environment.Equals(wanted.Isolation.Environment)),
            ("isolation-open-files", running.Isolation.OpenFiles != wanted.Isolation.OpenFiles),
            ("isolation-processes", running.Isolation.Processes != wanted.Isolation.Processes),
            ("isolation-writable", !running.Isolation.Writable.Equals(wanted.Isolation.Writable)),
            ("isolation-umask", running.Isolation.Umask != wanted.Isolation.Umask),
            ("coprocess-socket", running.Coprocess.Socket != wanted.Coprocess.Socket),
            ("coprocess-mode", running.Coprocess.Mode != wanted.Coprocess.Mode),
            ("coprocess-shell", running.Coprocess.Shell != wanted.Coprocess.Shell),
            ("coprocess-connections", running.Coprocess.Connections != wanted.Coprocess.Connections),
            ("coprocess-message-bytes", running.Coprocess.MessageBytes != wanted.Coprocess.MessageBytes),
            ("coprocess-message-seconds", running.Coprocess.Message != wanted.Coprocess.Message),
            ("sockproc-connections", running.Sockproc.Connections != wanted.Sockproc.Connections),
        }.Where(option => option.Differs).Select(option => option.Name);

    // A start from a folder that has been deleted is no fault while all paths are absolute.
    private static string CurrentFolder()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (FileNotFoundException)
        {
            return "/";
        }
    }

    /// <summary>The readers of values; each says what is allowed when it refuses.</summary>
    private static class Value
    {
        internal static bool Switch(string v) => v switch
        {
            "true" or "1" or "yes" or "on" => true,
            "false" or "0" or "no" or "off" => false,
            _ => throw new FormatException("allowed: true, false"),
        };

        internal static UnixFileMode Mode(string v)
        {
            const int Widest = 0b110_110_110;
            const int OwnerOnly = 0b110_000_000;
            int mode = 0;
            foreach (char c in v)
            {
                mode = c is >= '0' and <= '7' && mode <= Widest ? (mode * 8) + (c - '0') : int.MaxValue;
            }

            return (mode & ~Widest) == 0 && mode >= OwnerOnly
                ? (UnixFileMode)mode
                : throw new FormatException("allowed: octal read and write bits, 0600 to 0666");
        }

        // Without a port, in brackets where it is an address of IPv6, as it stands in a request's Host.
        internal static string HostNames(string v) =>
            Array.TrueForAll(v.Split(' ', StringSplitOptions.RemoveEmptyEntries), name => name != "off" && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '[' or ']' or ':')
                && (name[0] == '[' || !name.Contains(':', StringComparison.Ordinal)))
                ? v
                : throw new FormatException("allowed: names without a port, jobs.example.org for one");

        // What is to be taken away of rwx for owner, group and others.
        internal static UnixFileMode Mask(string v) =>
            v.Length is > 0 and <= 4 && v.All(c => c is >= '0' and <= '7') && Convert.ToInt32(v, 8) is <= 0b111_111_111 and var mask
                ? (UnixFileMode)mask
                : throw new FormatException("allowed: octal bits, 0 to 0777");

        internal static WordList Folders(string v)
        {
            string[] folders = v.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return folders.Length is > 0 and <= 64 && folders.All(folder => folder is ['/', not '/', ..])
                ? new WordList(folders)
                : throw new FormatException("allowed: absolute paths of folders, at most 64, none of them /");
        }

        internal static WordList Names(string v)
        {
            string[] names = v.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return names.Length > 0 && names.All(name => name != "off" && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                ? new WordList(names)
                : throw new FormatException("allowed: names of variables, letters, digits and _");
        }

        internal static long Number(string v, long least, long most) =>
            long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out long n) && n >= least && n <= most
                ? n
                : throw new FormatException($"allowed: a whole number from {least} to {most}");

        internal static TimeSpan Seconds(string v) => Seconds(v, least: 0);

        // For a time in which something has to happen: in none, nothing can.
        internal static TimeSpan SomeSeconds(string v) => Seconds(v, least: 0.001);

        internal static TimeSpan Days(string v)
        {
            const double Most = 36_500;
            return double.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double days) && days <= Most
                ? TimeSpan.FromDays(days)
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"allowed: days from 0 to {Most}"));
        }

        private static TimeSpan Seconds(string v, double least)
        {
            const double Most = 1_000_000;
            return double.TryParse(v, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double s)
                && s >= least && s <= Most
                ? TimeSpan.FromSeconds(s)
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"allowed: seconds from {least} to {Most}"));
        }

        internal static T? OrOff<T>(string v, Func<string, T> read)
            where T : struct
        {
            try
            {
                return v == "off" ? null : read(v);
            }
            catch (FormatException e)
            {
                throw new FormatException($"{e.Message}, or off", e);
            }
        }

        internal static T Word<T>(string v, params T[] allowed)
            where T : struct, Enum =>
            Array.Find(allowed, each => each.ToString().Equals(v, StringComparison.OrdinalIgnoreCase)) is var word && allowed.Contains(word)
                ? word
                : throw new FormatException($"allowed: {string.Join(", ", allowed).ToLowerInvariant()}");

        // Enum.TryParse alone would take numbers and lists too: "-1", "debug,error".
        internal static T Word<T>(string v)
            where T : struct, Enum =>
            Enum.GetNames<T>().Contains(v, StringComparer.OrdinalIgnoreCase) && Enum.TryParse(v, ignoreCase: true, out T value)
                ? value
                : throw new FormatException($"allowed: {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");
    }
}
