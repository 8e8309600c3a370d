using System.Collections;
using Kuid.Jobd.Api;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Schedules;
using Kuid.Jobd.Core.Services;
using Kuid.Jobd.Core.Sessions;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.Jobd.Doors;
using Kuid.Jobd.Doors.Coprocess;
using Kuid.Jobd.Doors.Services;
using Kuid.Jobd.Doors.Sockproc;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd;

/// <summary>
/// The order of start and of stop. Start: data folder, log, history, engine, sockets, pidfile, what the daemon before has left,
/// ready. Stop: sockets, jobs, replies, pidfile, engine, history, folder.
/// </summary>
internal sealed class Daemon(Func<Action<string>, DaemonOptions> resolve, SignalHandlers signals)
{
    // After the grace period has passed, jobs are not given another whole one.
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(2);

    // For what no signal ends: a process of another user's, one stuck in the kernel, a client that does not take its reply.
    // As long as one after the other comes to its end, a slow machine is all that it takes time for.
    private static readonly TimeSpan LastResort = TimeSpan.FromSeconds(3);

    private readonly EndingPolicy _ending = new();
    private volatile DaemonOptions _options = new();

    /// <summary>Runs until a signal stops it.</summary>
    /// <exception cref="StartException">It does not start.</exception>
    internal async Task RunAsync()
    {
        var unknownVariables = new List<string>();
        _options = resolve(unknownVariables.Add);
        _ending.Grace = _options.Grace;
        IDictionary environment = Environment.GetEnvironmentVariables();
        SocketAddress? address = ParseAddress(_options.Address);
        int inheritedSockets = InheritedSockets.Count(environment);
        if (address is null && inheritedSockets == 0 && !_options.HasAnotherDoor)
        {
            throw new StartException("no ADDRESS: give a socket path or a TCP port; --help explains", ExitCode.Usage);
        }

        using DataFolder folder = DataFolder.Open(_options.Data);
        using DaemonLog daemonLog = OpenLog(folder);
        ILogger log = daemonLog.Factory.CreateLogger<Daemon>();
        unknownVariables.ForEach(name => Log.UnknownVariable(log, name));

        var inherited = InheritedEnvironment.OfThisProcess();
        var spool = new SpoolSpace(folder.Spool);
        spool.Prepare();
        using History history = OpenHistory(folder, spool, daemonLog);
        using var reactor = new Reactor();
        using var spawner = new Spawner(reactor, inherited);
        await using var local = new LocalServer(
            spawner, _options.Sysreq.Server ?? InstalledServer(), folder.SysreqSocket, _options.Sysreq.Profile, TimeProvider.System,
            daemonLog.Factory.CreateLogger<LocalServer>());
        var hosts = new HostTable(() => _options.Hosts, history, new HostTransports(spawner, local));
        CallbackTargets callbacks = _options.Callback.Allow;
        using HttpMessageInvoker? client = callbacks.IsEmpty ? null : CallbackExecutor.NewClient();
        var registry = new ServiceRegistry();
        var serviceExecutor = new ServiceExecutor(registry, reactor, history, TimeProvider.System, _ending);
        var runner = new JobRunner(
            new ProcessExecutor(spawner, history, TimeProvider.System, _ending, daemonLog.Factory.CreateLogger<ProcessExecutor>()),
            new PipelineExecutor(hosts, history, TimeProvider.System, _ending, daemonLog.Factory.CreateLogger<PipelineExecutor>()),
            new CallbackExecutor(callbacks, OpenCallbackSecret(folder), client, JobBody.Of, history, TimeProvider.System),
            history, TimeProvider.System, daemonLog.Factory.CreateLogger<JobRunner>())
        {
            Services = serviceExecutor,
        };
        var scheduler = new Scheduler(runner, _options.Concurrency) { LimitOf = registry.LimitOf };
        registry.LimitChanged = scheduler.Reconsider;
        var jobs = new JobService(
            scheduler, history, spool, TimeProvider.System, _ending, daemonLog.Factory.CreateLogger<JobService>())
        {
            Callbacks = callbacks,
            CallbackBackoff = _options.Callback.Backoff,
        };
        using var gauges = new DaemonGauges(jobs, Program.Version);
        using IDisposable? push = OtlpPush.Start(environment);
        var recovery = new Recovery(jobs, history, spool, TimeProvider.System, daemonLog.Factory.CreateLogger<Recovery>());

        using HttpSockets httpSockets = HttpSockets.Open(_options.Http, folder);
        (int coprocessConnections, long promised) = _options.Coprocess.Socket is null ? (0, 0) : DescriptorBudget.Coprocess(_options.Coprocess.Connections);
        (int connections, int httpConnections) = DescriptorBudget.Connections(
            _options.Sockproc.Connections, httpSockets.IsEmpty ? 0 : _options.Http.Connections, promised);
        var door = new SockprocDoor(
            reactor, jobs, () => _options.Sockproc, connections, daemonLog.Factory.CreateLogger<SockprocDoor>());
        using var listeners = new Listeners(reactor, door, daemonLog.Factory.CreateLogger<Listener>());
        if (address is not null)
        {
            listeners.Add(ListeningSocket.Open(address, _options.SocketMode, _options.SocketGroup));
        }

        foreach (ListeningSocket socket in InheritedSockets.Take(inheritedSockets))
        {
            listeners.Add(socket);
        }

        var coprocess = new CoprocessDoor(
            reactor, spawner, jobs, _options.Coprocess, coprocessConnections, daemonLog.Factory.CreateLogger<CoprocessDoor>());
        using var coprocessListeners = new Listeners(reactor, coprocess, daemonLog.Factory.CreateLogger<Listener>());
        if (_options.Coprocess.Socket is not null)
        {
            coprocessListeners.Add(CoprocessSocket.Open(_options.Coprocess));
        }

        int calls = DescriptorBudget.Connections(_options.Services);
        using ServiceDoors services = ServiceDoors.Open(
            _options.Services, folder, calls, reactor, registry, serviceExecutor, jobs, daemonLog.Factory);
        var schedules = new ScheduleService(
            jobs, history, (submission, principal) => HttpDoor.ReadKept(submission, principal, hosts, callbacks), TimeProvider.System,
            daemonLog.Factory.CreateLogger<ScheduleService>());
        await using var sessions = new SessionTable(hosts, TimeProvider.System, daemonLog.Factory.CreateLogger<SessionTable>());
        AccessTokens? tokens = httpSockets.IsEmpty ? null : OpenTokens(folder);
        await using HttpDoor? http = tokens is null ? null : new HttpDoor(
            jobs, hosts, schedules, sessions, httpSockets.Descriptors, httpConnections, _options.Http.Streams, registry, tokens,
            Program.Version, daemonLog.Factory);
        using Pidfile? pidfile = _options.Pidfile is { } path ? Pidfile.Write(path) : null;
        signals.Reload = () => Reload(daemonLog, tokens, log);
        signals.Ignored = name => Log.SignalIgnored(log, name);
        await hosts.LoadAsync();
        await schedules.LoadAsync();
        await recovery.RunAsync();
        listeners.Start();
        services.Start();
        coprocessListeners.Start();
        await (http?.StartAsync() ?? Task.CompletedTask);
        SayReady(
            log,
            [
                .. listeners.Names.Select(name => (name, connections)),
                .. httpSockets.Names.Select(name => (name, httpConnections)),
                .. services.Names.Select(name => (name, calls)),
                .. coprocessListeners.Names.Select(name => ("coprocess " + name, coprocessConnections)),
            ],
            folder, inherited);

        using var sweeping = new CancellationTokenSource();
        var retention = new Retention(history, () => _options.History.Policy, TimeProvider.System, daemonLog.Factory.CreateLogger<Retention>());
        Task swept = retention.RunAsync(sweeping.Token);
        using var unscheduling = new CancellationTokenSource();
        Task scheduled = schedules.RunAsync(unscheduling.Token);
        new Thread(recovery.LookThrough) { IsBackground = true, Name = "kuid-look-through" }.Start();

        string signal = await signals.Stop;
        Log.Stopping(log, signal, _options.Grace.TotalSeconds);
        _ = HurryAsync(log);
        httpSockets.RemovePaths();
        await listeners.StopAsync();
        await services.CloseSocketsAsync();
        await coprocessListeners.StopAsync();
        await unscheduling.CancelAsync();
        await scheduled;
        await StopWorkAsync(door, services, coprocess, http, jobs, log);
        await sweeping.CancelAsync();
        await swept;
        Log.Stopped(log);
    }

    private History OpenHistory(DataFolder folder, SpoolSpace spool, DaemonLog log)
    {
        try
        {
            return new History(
                SqliteJobStore.Open(folder.History), new OutputFiles(folder.Output), spool, _options.History.OutputBytes,
                log.Factory.CreateLogger<History>());
        }
        catch (StoreException e)
        {
            throw new StartException($"{folder.History}: {e.Message}", ExitCode.System);
        }
    }

    private async Task StopWorkAsync(
        SockprocDoor door, ServiceDoors services, CoprocessDoor coprocess, HttpDoor? http, JobService jobs, ILogger log)
    {
        Task stopped = Task.WhenAll(
            door.StopAsync(), services.StopCallersAsync(), coprocess.StopAsync(), http?.StopAsync() ?? Task.CompletedTask, jobs.StopAsync(KillAfter));
        await Task.WhenAny(
            stopped, PatienceAsync(() => jobs.Live.Count() + door.Connections + services.Connections + coprocess.Connections));
        if (!stopped.IsCompleted)
        {
            Log.LeftBehind(log, jobs.Live.Count());
        }

        await services.StopSubserversAsync();
    }

    private async Task PatienceAsync(Func<int> countLeft)
    {
        await Task.WhenAny(Task.Delay(_options.Grace + KillAfter), _ending.Hurried);
        int before;
        int left = countLeft();
        do
        {
            before = left;
            await Task.Delay(LastResort);
            left = countLeft();
        }
        while (left < before);
    }

    // `make build` puts it beside the launcher, and the daemon's own files into a folder there.
    private static string InstalledServer()
    {
        const string Name = "kuid-sysreqd";
        string beside = Path.Combine(AppContext.BaseDirectory, Name);
        return File.Exists(beside) ? beside : Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", Name));
    }

    private static SocketAddress? ParseAddress(string? text)
    {
        try
        {
            return text is null ? null : SocketAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new StartException($"ADDRESS \"{text}\": {e.Message}", ExitCode.Usage);
        }
    }

    private static AccessTokens OpenTokens(DataFolder folder)
    {
        try
        {
            var tokens = new AccessTokens(AccessToken.ReadOrMake(folder.TokenFile), folder.Tokens);
            tokens.Load();
            return tokens;
        }
        catch (InvalidDataException e)
        {
            throw new StartException(e.Message, ExitCode.Usage);
        }
    }

    // Made when somebody may need it, who is then to be given a copy.
    private CallbackSecret? OpenCallbackSecret(DataFolder folder)
    {
        try
        {
            return _options.Callback.Allow.IsEmpty ? null : CallbackSecret.ReadOrMake(folder.CallbackSecretFile);
        }
        catch (InvalidDataException e)
        {
            throw new StartException(e.Message, ExitCode.Usage);
        }
    }

    // Paths were made absolute with the options, so leaving for / changes none of them.
    private DaemonLog OpenLog(DataFolder folder)
    {
        if (!Detachment.IsDetached)
        {
            return DaemonLog.Open(_options, file: null);
        }

        Directory.SetCurrentDirectory("/");
        return DaemonLog.Open(_options, folder.LogFile);
    }

    private static void SayReady(
        ILogger log, IEnumerable<(string Name, int Connections)> doors, DataFolder folder, InheritedEnvironment inherited)
    {
        foreach ((string name, int connections) in doors)
        {
            Log.Listening(log, name, connections);
            if (LibcFiles.EffectiveUserId() == 0)
            {
                Log.RunningAsRoot(log, name);
            }
        }

        if (inherited.NofileSoft is null)
        {
            Log.NofileUnknown(log);
        }

        Log.Ready(log, Program.Version, Environment.ProcessId, folder.Path);
        if (Detachment.IsDetached)
        {
            Detachment.ReportReady();
        }
    }

    private async Task HurryAsync(ILogger log)
    {
        await signals.Hurry;
        Log.Hurrying(log);
        _ending.Hurry();
    }

    /// <summary>Takes over what can change in a running daemon; a broken configuration changes nothing.</summary>
    private void Reload(DaemonLog daemonLog, AccessTokens? tokens, ILogger log)
    {
        try
        {
            daemonLog.Reopen();
            DaemonOptions wanted = resolve(_ => { });
            tokens?.Load();
            foreach (string option in OptionTable.NotReloadable(_options, wanted))
            {
                Log.NeedsRestart(log, option);
            }

            _ending.Grace = wanted.Grace;
            daemonLog.Level = wanted.LogLevel;
            _options = OptionTable.TakeOver(_options, wanted);
            Log.Reloaded(log);
        }
        catch (Exception e)
        {
            // Whatever is wrong with the new configuration, the daemon has one to go on with.
            Log.ReloadFailed(log, e.Message);
        }
    }
}
