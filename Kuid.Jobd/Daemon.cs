using System.Collections;
using Kuid.Jobd.Api;
using Kuid.Jobd.Api.Security;
using Kuid.Jobd.Checking;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Metrics;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Doors;
using Kuid.Jobd.Doors.Coprocess;
using Kuid.Jobd.Doors.Http;
using Kuid.Jobd.Doors.Services;
using Kuid.Jobd.Doors.Sockproc;
using Kuid.Jobd.Supervision;
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

    // How often a supervisor is told that the stop goes on, and how much longer it may take.
    private static readonly TimeSpan WordEvery = TimeSpan.FromSeconds(5);

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
        using var supervisor = Supervisor.Of(environment);
        SocketAddress? address = ParseAddress(_options.Address);
        IReadOnlyList<string> inheritedSockets = InheritedSockets.Names(environment);
        if (address is null && inheritedSockets.Count == 0 && !_options.HasAnotherDoor)
        {
            throw new StartException("no ADDRESS: give a socket path or a TCP port, or another door (--http-socket, --http, --services, --coprocess-socket); --help explains", ExitCode.Usage);
        }

        SocketCheck.ThrowIfShared(_options);
        using DataFolder folder = DataFolder.Open(_options.Data);
        using DaemonLog daemonLog = OpenLog(folder);
        ILogger log = daemonLog.Factory.CreateLogger<Daemon>();
        unknownVariables.ForEach(name => Log.UnknownVariable(log, name));

        var inherited = InheritedEnvironment.OfThisProcess();
        await using var engine = new Engine(_options, () => _options.Hosts, folder, inherited, _ending, daemonLog.Factory);
        using var gauges = new DaemonGauges(engine.Jobs, Program.Version);
        using IDisposable? push = OtlpPush.Start(environment);
        using AuditLog? audit = _options.AuditLog is { } auditPath ? AuditLog.Open(Path.Combine(folder.Path, auditPath), log) : null;
        var gate = new AccessGate(() => _options.Allow, audit ?? (IAuditLog)NoAuditLog.Instance);
        TlsCertificates? tls = HttpTls.Open(_options);
        int inheritedForHttp = InheritedSockets.CountForHttp(inheritedSockets);
        bool hasHttp = _options.Http.IsWanted || inheritedForHttp > 0;
        var budget = DescriptorBudget.For(_options.WantedConnections(
            hasSockproc: address is not null || inheritedSockets.Count > inheritedForHttp, hasHttp));
        engine.Room.Capacity = budget.Jobs;
        using var doors = new RawDoors(engine.Reactor, daemonLog.Factory.CreateLogger<Listener>());
        doors.Add(
            new SockprocDoor(
                engine.Reactor, engine.Jobs, gate, () => _options.Sockproc, budget.Sockproc, daemonLog.Factory.CreateLogger<SockprocDoor>()),
            [.. OpenSockets(address), .. InheritedSockets.ForSockproc(inheritedSockets)]);
        doors.Add(
            new CoprocessDoor(
                engine.Reactor, engine.Spawner, engine.Jobs, gate, engine.Room, _options.Coprocess, budget.Coprocess,
                daemonLog.Factory.CreateLogger<CoprocessDoor>()),
            CoprocessSocket.Open(_options.Coprocess));
        doors.Add(
            new ServicesDoor(
                engine.Reactor, engine.Registry, engine.Calls, engine.Jobs, gate, _options.Services, budget.Services,
                daemonLog.Factory.CreateLogger<ServicesDoor>()),
            ServiceSockets.ForCallers(_options.Services));
        var incoming = new IncomingConnections();
        doors.Add(
            new HttpIntake(incoming, budget.Http, speaksTls: tls is not null, daemonLog.Factory.CreateLogger<HttpIntake>()),
            HttpSockets.Open(_options.Http, folder, InheritedSockets.ForHttp(inheritedSockets)));

        // Subservers come before those who call what they offer, and leave after the last call.
        using var subservers = new RawDoors(engine.Reactor, daemonLog.Factory.CreateLogger<Listener>());
        subservers.Add(
            new RegistryDoor(engine.Reactor, engine.Registry, gate, budget.Registry, daemonLog.Factory.CreateLogger<RegistryDoor>()),
            ServiceSockets.ForSubservers(_options.Services, folder));
        AccessTokens? tokens = hasHttp ? OpenTokens(folder, log) : null;
        await using HttpDoor? http = tokens is null ? null : new HttpDoor(
            engine.Jobs, engine.Hosts, engine.Schedules, engine.Sessions, incoming, _options.Http.Streams,
            engine.Registry, tokens, gate, Program.Version, daemonLog.Factory, tls, _options.Http.Names.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        using Pidfile? pidfile = _options.Pidfile is { } path ? Pidfile.Write(path) : null;
        signals.Reload = () => supervisor.Reloading(() => Reload(daemonLog, audit, tokens, tls, log));
        signals.Ignored = name => Log.SignalIgnored(log, name);
        await engine.LoadAsync();
        LoadedAssemblies.Load(hasHttp);
        subservers.Start();
        doors.Start();
        await (http?.StartAsync() ?? Task.CompletedTask);
        Log.RoomForJobs(log, engine.Room.Capacity);
        SayReady(log, [.. doors.Listening, .. subservers.Listening], folder, inherited);
        supervisor.Ready();
        await using Watchdog? watchdog = Watchdog.Start(supervisor, engine.VitalParts, log);
        using var memory = RestingMemory.Start();

        using var sweeping = new CancellationTokenSource();
        Task swept = engine.SweepAsync(() => _options.History.Policy, sweeping.Token);
        using var unscheduling = new CancellationTokenSource();
        Task scheduled = engine.Schedules.RunAsync(unscheduling.Token);

        string signal = await signals.Stop;
        Log.Stopping(log, signal, _options.Grace.TotalSeconds);
        supervisor.Stopping(_options.Grace + KillAfter + LastResort + WordEvery);
        using var stopped = new CancellationTokenSource();
        Task words = SayStillStoppingAsync(supervisor, stopped.Token);
        _ = HurryAsync(log);
        await doors.CloseSocketsAsync();
        await subservers.CloseSocketsAsync();
        await unscheduling.CancelAsync();
        await scheduled;
        await StopWorkAsync(doors, http, engine.Jobs, log);
        await subservers.StopAsync();
        await sweeping.CancelAsync();
        await swept;
        await stopped.CancelAsync();
        await words;
        Log.Stopped(log);
    }

    private async Task StopWorkAsync(RawDoors doors, HttpDoor? http, JobService jobs, ILogger log)
    {
        Task stopped = Task.WhenAll(doors.StopAsync(), http?.StopAsync() ?? Task.CompletedTask, jobs.StopAsync(KillAfter));
        await Task.WhenAny(stopped, PatienceAsync(() => jobs.Live.Count() + doors.Connections));
        if (!stopped.IsCompleted)
        {
            Log.LeftBehind(log, jobs.Live.Count());
        }
    }

    // Stopping has its own limits; the words only keep a supervisor's from being shorter.
    private async Task SayStillStoppingAsync(Supervisor supervisor, CancellationToken stopped)
    {
        using var timer = new PeriodicTimer(WordEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stopped))
            {
                supervisor.StillStopping(_options.Grace + KillAfter + LastResort + WordEvery);
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
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

    private IEnumerable<ListeningSocket> OpenSockets(SocketAddress? address) =>
        address is null ? [] : [ListeningSocket.Open(address, _options.SocketMode, _options.SocketGroup)];

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

    private static AccessTokens OpenTokens(DataFolder folder, ILogger log)
    {
        try
        {
            var tokens = new AccessTokens(AccessToken.ReadOrMake(folder.TokenFile), TokenFolder.Of(folder.Path), log: log);
            tokens.LoadAll();
            return tokens;
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
        ILogger log, IEnumerable<(string Name, int Connections, bool RunsAnything)> doors, DataFolder folder, InheritedEnvironment inherited)
    {
        foreach ((string name, int connections, bool runsAnything) in doors)
        {
            Log.Listening(log, name, connections);
            if (runsAnything && LibcFiles.EffectiveUserId() == 0)
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
    private void Reload(DaemonLog daemonLog, AuditLog? audit, AccessTokens? tokens, TlsCertificates? tls, ILogger log)
    {
        try
        {
            daemonLog.Reopen();
            audit?.Reopen();
            DaemonOptions wanted = resolve(_ => { });
            tokens?.Load();
            tls?.Reload();
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
