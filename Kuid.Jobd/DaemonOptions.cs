using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Doors;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>How log lines look.</summary>
public enum LogFormat
{
    /// <summary>One line of text.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>What happens to the job of a client that hangs up.</summary>
public enum DisconnectPolicy
{
    /// <summary>It runs on, as with the original.</summary>
    Keep,

    /// <summary>It is cancelled.</summary>
    Kill,
}

/// <summary>What executes a shell job that is nothing but a program and its arguments.</summary>
public enum SimpleCommands
{
    /// <summary>The daemon, where nobody can see the difference.</summary>
    Direct,

    /// <summary>The shell.</summary>
    Shell,
}

/// <summary>Everything the daemon can be told, each default beside its property. <see cref="OptionTable"/> names the options.</summary>
public sealed record DaemonOptions
{
    /// <summary>In the daemon's own cgroup, or where that cannot be, nowhere.</summary>
    internal const string CgroupAuto = "auto";

    /// <summary>Nowhere.</summary>
    internal const string CgroupOff = "off";

    /// <summary>The sockproc address: a path, or a port on 127.0.0.1; null when sockets are inherited.</summary>
    public string? Address { get; init; }

    /// <summary>Where the pid is written; null for nowhere.</summary>
    public string? Pidfile { get; init; }

    /// <summary>Whether to stay in the foreground and log to stderr.</summary>
    public bool Foreground { get; init; }

    /// <summary>The data folder.</summary>
    public string Data { get; init; } = string.Empty;

    /// <summary>The configuration file; null for none.</summary>
    public string? Config { get; init; }

    /// <summary>The permission bits of the Unix socket.</summary>
    public UnixFileMode SocketMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The group that the Unix socket is given to; null for the daemon's.</summary>
    public string? SocketGroup { get; init; }

    /// <summary>How many jobs a queue runs at once.</summary>
    public int Concurrency { get; init; } = Math.Max(8, 4 * Environment.ProcessorCount);

    /// <summary>How many jobs may wait and run in all.</summary>
    public int Backlog { get; init; } = 100_000;

    /// <summary>How many of them may be one principal's: half, so that nobody fills it alone.</summary>
    public int BacklogEach { get; init; } = 50_000;

    /// <summary>How long jobs may go on when the daemon stops, and the time between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Where the cgroups of jobs are made: <see cref="CgroupAuto"/>, <see cref="CgroupOff"/>, or the path of a directory of cgroup v2.
    /// </summary>
    public string Cgroup { get; init; } = CgroupAuto;

    /// <summary>The least severe lines that are logged.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>How log lines look.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>Who may do what beside root and the daemon's own user.</summary>
    public AccessList Allow { get; init; } = AccessList.Nobody;

    /// <summary>Where decisions are noted, relative to the data folder; null for nowhere.</summary>
    public string? AuditLog { get; init; } = "audit.log";

    /// <summary>The history's own.</summary>
    public HistoryOptions History { get; init; } = new();

    /// <summary>The sockproc door's own.</summary>
    public SockprocOptions Sockproc { get; init; } = new();

    /// <summary>The coprocess door's own.</summary>
    public CoprocessOptions Coprocess { get; init; } = new();

    /// <summary>The HTTP door's own.</summary>
    public HttpOptions Http { get; init; } = new();

    /// <summary>What TLS is spoken with.</summary>
    public TlsOptions Tls { get; init; } = new();

    /// <summary>The services' own.</summary>
    public ServicesOptions Services { get; init; } = new();

    /// <summary>The isolation of jobs.</summary>
    public IsolationSettings Isolation { get; init; } = new();

    /// <summary>The local server's own.</summary>
    public SysreqOptions Sysreq { get; init; } = new();

    /// <summary>The callbacks' own.</summary>
    public CallbackOptions Callback { get; init; } = new();

    /// <summary>What executes a shell job that is nothing but a program and its arguments.</summary>
    public SimpleCommands SimpleCommands { get; init; } = SimpleCommands.Direct;

    /// <summary>What is about jobs that outlive the daemon.</summary>
    public SurviveOptions Survive { get; init; } = new();

    /// <summary>Whether a door was asked for by name beside that of sockproc.</summary>
    internal bool HasAnotherDoor =>
        Services.IsWanted || Coprocess.Socket is not null || Http.Address is not null || Http.Socket is not (null or HttpOptions.DefaultSocket);

    /// <summary>How many connections each door wants to serve at once.</summary>
    internal DoorWishes WantedConnections(bool hasSockproc, bool hasHttp) => new(
        hasSockproc ? Sockproc.Connections : 0,
        hasHttp ? Http.Connections : 0,
        Coprocess.Socket is null ? 0 : Coprocess.Connections,
        Services.Address is null ? 0 : Services.Connections,
        Services.IsWanted ? Doors.Services.RegistryDoor.Wanted : 0);

    /// <summary>The hosts of the configuration file's section <c>[hosts]</c>: names and addresses.</summary>
    public IReadOnlyDictionary<string, string> Hosts { get; init; } = NoHosts;

    private static IReadOnlyDictionary<string, string> NoHosts { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>The files that TLS is spoken with on the HTTP port, all PEM.</summary>
public sealed record TlsOptions
{
    /// <summary>The daemon's certificate with those between it and its authority; null for no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>Its private key.</summary>
    public string? Key { get; init; }

    /// <summary>The authorities of clients' certificates; null when clients need none.</summary>
    public string? ClientAuthority { get; init; }
}

/// <summary>Where services are called and offered, and how much a caller may send.</summary>
public sealed record ServicesOptions
{
    /// <summary>Where they are called; null for nowhere.</summary>
    public SocketAddress? Address { get; init; }

    /// <summary>The permissions of the Unix socket where they are called.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The path of the Unix socket where they are offered; null for the data folder's, when there is an address.</summary>
    public string? Registry { get; init; }

    /// <summary>The permissions of that.</summary>
    public UnixFileMode RegistryMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How many callers are served at once; fewer where the limit on open files allows fewer.</summary>
    public int Connections { get; init; } = 1000;

    /// <summary>How long a caller may take for each line.</summary>
    public TimeSpan Line { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many arguments are taken.</summary>
    public int Arguments { get; init; } = 4096;

    /// <summary>How many bytes are taken before the empty line.</summary>
    public int Bytes { get; init; } = 1024 * 1024;

    /// <summary>Whether there are services at all.</summary>
    internal bool IsWanted => Address is not null || Registry is not null;

    /// <summary>The path where services are offered; null for nowhere.</summary>
    internal string? RegistryPath(string dataFolder) => Registry ?? (Address is null ? null : Path.Combine(dataFolder, "registry.sock"));
}

/// <summary>The server that pipelines on this machine are evaluated by.</summary>
public sealed record SysreqOptions
{
    /// <summary>Its file; null for the one that is installed with the daemon.</summary>
    public string? Server { get; init; }

    /// <summary>Which system calls it lets through.</summary>
    public ServerProfile Profile { get; init; } = ServerProfile.Full;
}

/// <summary>Which jobs outlive the daemon, and what they may write meanwhile.</summary>
public sealed record SurviveOptions
{
    /// <summary>Whether jobs of the HTTP door do that do not say.</summary>
    public bool IsDefault { get; init; }

    /// <summary>How many bytes the record log of an attempt may have, which has all that it writes; null for any number.</summary>
    public long? LogBytes { get; init; } = 1L << 30;
}

/// <summary>Where and how the ends of jobs are posted.</summary>
public sealed record CallbackOptions
{
    /// <summary>The URLs that may be posted to, and what is below them.</summary>
    public CallbackTargets Allow { get; init; } = CallbackTargets.None;

    /// <summary>The longest pause before the second attempt; it doubles with each further one.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Where the HTTP door listens.</summary>
public sealed record HttpOptions
{
    /// <summary>The path of its Unix socket where nothing is said.</summary>
    internal const string DefaultSocket = "http.sock";

    /// <summary>The path of its Unix socket, relative to the data folder; null for none.</summary>
    public string? Socket { get; init; } = DefaultSocket;

    /// <summary>The permissions of that; who may do what is decided by <see cref="DaemonOptions.Allow"/> all the same.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Where it listens on TCP; null for nowhere, the default: a port is every local user's and every web page's, and only
    /// the token stands before it.
    /// </summary>
    public HttpAddress? Address { get; init; }

    /// <summary>The names that it answers to beside the loopback's, separated by spaces.</summary>
    public string Names { get; init; } = string.Empty;

    /// <summary>Whether it listens anywhere.</summary>
    internal bool IsWanted => Socket is not null || Address is not null;

    /// <summary>How many connections are served at once; fewer where the limit on open files allows fewer.</summary>
    public int Connections { get; init; } = 1000;

    /// <summary>How many streams of events there may be at once.</summary>
    public int Streams { get; init; } = 200;
}

/// <summary>The limits and choices of the sockproc door.</summary>
public sealed record SockprocOptions
{
    /// <summary>The longest command in bytes; Linux takes no longer single argument (MAX_ARG_STRLEN, less the NUL).</summary>
    public const int MaxCommandBytes = 131071;

    /// <summary>How long a command may be, in bytes.</summary>
    public int CommandBytes { get; init; } = MaxCommandBytes;

    /// <summary>The largest standard input that is taken, in bytes; it is streamed, so a large one costs no memory.</summary>
    public long StdinBytes { get; init; } = 1L << 40;

    /// <summary>The largest output that a job may write to one stream, in bytes; null for any.</summary>
    public long? OutputBytes { get; init; }

    /// <summary>How many bytes of each stream of a job the history keeps, whose client has been given all of them, but no more than of any job.</summary>
    public long HistoryBytes { get; init; } = 1024 * 1024;

    /// <summary>How long a client may take for the command line, and again for the count line.</summary>
    public TimeSpan Header { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may pause within the standard input that it announced.</summary>
    public TimeSpan StdinIdle { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long a client may take nothing of a reply that waits for it.</summary>
    public TimeSpan ReplyIdle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How many bytes a second a client sends of its standard input at least, on the average of the time that it may pause; null for any
    /// number. It is low, for whoever types: only not nothing at all.
    /// </summary>
    public int? StdinRate { get; init; } = 1;

    /// <summary>How many a client takes of its reply, likewise. It is the number of Kestrel, the web server (KestrelServerLimits).</summary>
    public int? ReplyRate { get; init; } = 240;

    /// <summary>How many connections are served at once; fewer where the limit on open files allows fewer.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>What happens to the job of a client that hangs up.</summary>
    public DisconnectPolicy Disconnect { get; init; } = DisconnectPolicy.Keep;

    /// <summary>How long a reply waits, after the command's exit, for others that hold its output; null for as long as they do.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>How long a job may run; null for ever.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>Where and how the coprocess door listens.</summary>
public sealed record CoprocessOptions
{
    /// <summary>The path of its Unix socket; null for no door.</summary>
    public string? Socket { get; init; }

    /// <summary>The permission bits of that.</summary>
    public UnixFileMode Mode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The shell of a connection: bash, which is the one that people know, where there is one.</summary>
    public string Shell { get; init; } = File.Exists("/bin/bash") ? "/bin/bash" : "/bin/sh";

    /// <summary>How many connections are served at once; fewer where the limit on open files allows fewer.</summary>
    public int Connections { get; init; } = 100;

    /// <summary>How long a request may be, in bytes.</summary>
    public int MessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>How long a request may take from its first byte to its last.</summary>
    public TimeSpan Message { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How much is remembered of jobs that are over.</summary>
public sealed record HistoryOptions
{
    /// <summary>How many bytes of each stream of a job are kept, half at its head and half at its tail.</summary>
    public long OutputBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>How many bytes of output are kept in all, the newest; null for any number.</summary>
    public long? OutputTotalBytes { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>How long output is kept after the end of its job; null as long as the job's record.</summary>
    public TimeSpan? OutputAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long and how many records are kept of jobs that succeeded.</summary>
    public RecordBounds Succeeded { get; init; } = DefaultBounds;

    /// <summary>The same of jobs that failed.</summary>
    public RecordBounds Failed { get; init; } = DefaultBounds;

    /// <summary>The same of jobs that were canceled.</summary>
    public RecordBounds Canceled { get; init; } = DefaultBounds;

    /// <summary>The same of jobs that were lost.</summary>
    public RecordBounds Lost { get; init; } = DefaultBounds;

    /// <summary>All of it as the retention takes it.</summary>
    internal RetentionPolicy Policy => new()
    {
        Records = new Dictionary<JobState, RecordBounds>
        {
            [JobState.Succeeded] = Succeeded,
            [JobState.Failed] = Failed,
            [JobState.Canceled] = Canceled,
            [JobState.Lost] = Lost,
        },
        OutputAge = OutputAge,
        OutputBytes = OutputTotalBytes,
    };

    private static RecordBounds DefaultBounds { get; } = new(TimeSpan.FromDays(30), 1_000_000);
}
