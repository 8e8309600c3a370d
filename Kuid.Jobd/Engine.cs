using System.Diagnostics;
using Kuid.Jobd.Api;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Keeping;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Direct;
using Kuid.Jobd.Core.Processes.Isolation;
using Kuid.Jobd.Core.Processes.Trees;
using Kuid.Jobd.Core.Schedules;
using Kuid.Jobd.Core.Services;
using Kuid.Jobd.Core.Sessions;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.Jobd.Supervision;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>
/// The parts behind the doors, put together. They are disposed in the reverse of the order in which they were made: the history after
/// all that writes it.
/// </summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly History _history;
    private readonly LocalServer _local;
    private readonly KeptExecutor _survivors;
    private readonly HttpMessageInvoker? _callbackClient;
    private readonly Recovery _recovery;
    private readonly IProcessTrees _trees;
    private readonly DataFolder _folder;
    private readonly ILoggerFactory _log;

    /// <summary>Opens the history and starts the threads; nothing of the past is looked at yet.</summary>
    /// <param name="configuredHosts">The hosts of the configuration, which a reload may change.</param>
    /// <exception cref="StartException">Something cannot be had.</exception>
    internal Engine(
        DaemonOptions options, Func<IReadOnlyDictionary<string, string>> configuredHosts, DataFolder folder, InheritedEnvironment inherited,
        EndingPolicy ending, ILoggerFactory log)
    {
        _log = log;
        TimeProvider clock = TimeProvider.System;
        var spool = new SpoolSpace(folder.Spool);
        spool.Prepare();
        _history = OpenHistory(options.History, folder, spool, log);
        Reactor = new Reactor();
        IsolationPolicy isolation = IsolationOf(options, inherited);
        _folder = folder;
        _trees = JobTrees.Open(options.Cgroup, folder, inherited, log);
        Spawner = new Spawner(Reactor, inherited) { Trees = _trees };
        _local = new LocalServer(
            Spawner, options.Sysreq.Server ?? InstalledServer(), folder.SysreqSocket, options.Sysreq.Profile, clock, log.CreateLogger<LocalServer>());
        Hosts = new HostTable(configuredHosts, _history, new HostTransports(Spawner, _local)) { LeastIsolation = options.Isolation.Minimum };
        CallbackTargets callbacks = options.Callback.Allow;
        _callbackClient = callbacks.IsEmpty ? null : CallbackExecutor.NewClient();
        Registry = new ServiceRegistry();
        Calls = new ServiceExecutor(Registry, Reactor, _history, clock, ending);
        var keepers = new KeeperFolder(folder.Kept);
        _survivors = new KeptExecutor(Spawner, Reactor, keepers, _history, clock, ending, log.CreateLogger<KeptExecutor>())
        {
            LogBytes = options.Survive.LogBytes,
            Isolation = isolation,
        };
        var runner = new JobRunner(
            new ProcessExecutor(Spawner, _history, clock, ending, log.CreateLogger<ProcessExecutor>())
            {
                Isolation = isolation,
                Direct = options.SimpleCommands == SimpleCommands.Direct ? new DirectExecution(Spawner) : null,
            },
            new PipelineExecutor(Hosts, _history, clock, ending, log.CreateLogger<PipelineExecutor>()),
            new CallbackExecutor(callbacks, OpenCallbackSecret(callbacks, folder), _callbackClient, JobBody.Of, _history, clock),
            _history, clock, log.CreateLogger<JobRunner>())
        {
            Services = Calls,
            Survivors = _survivors,
        };
        var scheduler = new Scheduler(runner, options.Concurrency) { LimitOf = Registry.LimitOf };
        Registry.LimitChanged = scheduler.Reconsider;
        Room = scheduler.Room;
        Jobs = new JobService(scheduler, _history, spool, clock, ending, log.CreateLogger<JobService>())
        {
            QueuedAtMost = options.Backlog,
            QueuedAtMostEach = options.BacklogEach,
            Callbacks = callbacks,
            Isolation = isolation,
            CallbackBackoff = options.Callback.Backoff,
            Keepers = keepers,
            SurviveByDefault = options.Survive.IsDefault,
        };
        Schedules = new ScheduleService(
            Jobs, _history, (submission, principal) => HttpDoor.ReadKept(submission, principal, Hosts, callbacks, isolation), clock,
            log.CreateLogger<ScheduleService>());
        Sessions = new SessionTable(Hosts, clock, log.CreateLogger<SessionTable>());
        _recovery = new Recovery(Jobs, _history, spool, clock, log.CreateLogger<Recovery>()) { Trees = _trees, Survivors = _survivors };
    }

    /// <summary>Waits for every descriptor.</summary>
    internal Reactor Reactor { get; }

    /// <summary>Starts processes.</summary>
    internal Spawner Spawner { get; }

    /// <summary>The descriptors that jobs may have open together.</summary>
    internal DescriptorRoom Room { get; }

    /// <summary>Where pipelines can go.</summary>
    internal HostTable Hosts { get; }

    /// <summary>Who offers which service.</summary>
    internal ServiceRegistry Registry { get; }

    /// <summary>Executes calls of services.</summary>
    internal ServiceExecutor Calls { get; }

    /// <summary>Takes jobs.</summary>
    internal JobService Jobs { get; }

    /// <summary>Submits jobs again and again.</summary>
    internal ScheduleService Schedules { get; }

    /// <summary>The shells of HTTP clients.</summary>
    internal SessionTable Sessions { get; }

    /// <summary>What has to answer for the daemon to be alive.</summary>
    internal IReadOnlyList<VitalPart> VitalParts => [new("the reactor", Reactor.PingAsync), new("the history's writer", _history.FlushAsync)];

    /// <summary>Reads what is kept, and ends and takes up what the daemon before has left.</summary>
    internal async Task LoadAsync()
    {
        await Hosts.LoadAsync();
        await Schedules.LoadAsync();
        await _recovery.RunAsync();
    }

    /// <summary>Looks the history through for damage, once, and sweeps what is too old or too much, until it is cancelled.</summary>
    internal Task SweepAsync(Func<RetentionPolicy> policy, CancellationToken stopping)
    {
        new Thread(_recovery.LookThrough) { IsBackground = true, Name = "kuid-look-through" }.Start();
        return new Retention(_history, policy, TimeProvider.System, _log.CreateLogger<Retention>()).RunAsync(stopping);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Sessions.DisposeAsync();
        _callbackClient?.Dispose();
        await _local.DisposeAsync();
        _survivors.Dispose();
        Spawner.Dispose();
        _trees.Dispose();
        JobTrees.ForgetEmpty(_folder);
        Reactor.Dispose();
        _history.Dispose();
    }

    private static History OpenHistory(HistoryOptions options, DataFolder folder, SpoolSpace spool, ILoggerFactory log)
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            var store = SqliteJobStore.Open(folder.History);
            if (store.FoundVersion is > 0 and var found && found < SqliteJobStore.SchemaVersion)
            {
                Log.HistoryMigrated(
                    log.CreateLogger<Engine>(), found, SqliteJobStore.SchemaVersion, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            return new History(store, new OutputFiles(folder.Output), spool, options.OutputBytes, log.CreateLogger<History>());
        }
        catch (StoreException e)
        {
            throw new StartException($"{folder.History}: {e.Message}", ExitCode.System);
        }
    }

    // `make build` puts it beside the launcher, and the daemon's own files into a folder there.
    private static string InstalledServer()
    {
        const string Name = "kuid-sysreqd";
        string beside = Path.Combine(AppContext.BaseDirectory, Name);
        return File.Exists(beside) ? beside : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", Name));
    }

    // Jobs that could not be isolated as the administrator wants it would all fail; a daemon that says so at its start is kinder.
    private static IsolationPolicy IsolationOf(DaemonOptions options, InheritedEnvironment inherited)
    {
        var isolation = new IsolationPolicy(options.Isolation with { Hidden = OwnPaths(options) }, inherited);
        return isolation.Mistakes(options.Coprocess.Socket is not null).FirstOrDefault() is { } mistake
            ? throw new StartException(mistake, ExitCode.Usage)
            : isolation;
    }

    // A socket can be connected to where files can only be read, and whoever reaches one of these runs what he likes outside. The key
    // is the daemon's name to its clients.
    private static WordList OwnPaths(DaemonOptions options) => new(
    [
        .. new[]
        {
            options.Data, options.Http.Socket, options.Services.RegistryPath(options.Data), options.Coprocess.Socket,
            options.Address is { } address && address.Any(c => !char.IsAsciiDigit(c)) ? Path.GetFullPath(address, OptionTable.StartFolder) : null,
            options.Services.Address?.Path, options.Tls.Key,
        }.OfType<string>().Select(path => Path.GetFullPath(path, options.Data)).Distinct(StringComparer.Ordinal),
    ]);

    // Made when somebody may need it, who is then to be given a copy.
    private static CallbackSecret? OpenCallbackSecret(CallbackTargets allowed, DataFolder folder)
    {
        try
        {
            return allowed.IsEmpty ? null : CallbackSecret.ReadOrMake(folder.CallbackSecretFile);
        }
        catch (InvalidDataException e)
        {
            throw new StartException(e.Message, ExitCode.Usage);
        }
    }
}
