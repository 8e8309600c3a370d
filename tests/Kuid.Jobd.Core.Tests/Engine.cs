using System.Text;
using Kuid.Jobd.Core.Callbacks;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Pipelines;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Processes.Direct;
using Kuid.Jobd.Core.Storage;
using Kuid.Jobd.Core.Storage.Sqlite;
using Kuid.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuid.Jobd.Core.Tests;

/// <summary>The engine as the daemon composes it, without doors. What still runs at its end is killed.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly bool _ownsFolder;
    private readonly List<Job> _jobs = [];
    private readonly HttpMessageInvoker _client = CallbackExecutor.NewClient();

    internal Engine(
        TimeProvider? clock = null, int concurrency = 4, string? spoolDirectory = null, int memoryPerStream = 128 * 1024,
        InheritedEnvironment? inherited = null, TempFolder? folder = null, int queuedAtMost = 100_000, int queuedAtMostEach = int.MaxValue, long queuedBytesAtMost = long.MaxValue,
        IJobExecutor? executor = null, CallbackTargets? callbacks = null, bool direct = false)
    {
        (_folder, _ownsFolder) = (folder ?? new TempFolder(), folder is null);
        Clock = clock ??= TimeProvider.System;
        Spool = new SpoolSpace(spoolDirectory ?? _folder["spool"], memoryPerStream);
        if (spoolDirectory is null)
        {
            Spool.Prepare();
        }

        Spawner = new Spawner(Reactor, inherited ?? InheritedEnvironment.OfThisProcess());
        History = new History(
            SqliteJobStore.Open(_folder["history.db"]), new OutputFiles(_folder["output"]), Spool, keepOutput: 64 * 1024 * 1024,
            NullLogger<History>.Instance);
        Local = new LocalServer(Spawner, Server, _folder["sysreq.sock"], ServerProfile.Full, clock, NullLogger<LocalServer>.Instance);
        Hosts = new HostTable(() => ConfiguredHosts, History, new HostTransports(Spawner, Local));
        Runner = new JobRunner(
            executor ?? new ProcessExecutor(Spawner, History, clock, Ending, NullLogger<ProcessExecutor>.Instance) { Direct = Direct = direct ? new DirectExecution(Spawner) : null },
            executor ?? new PipelineExecutor(Hosts, History, clock, Ending, NullLogger<PipelineExecutor>.Instance),
            new CallbackExecutor(
                callbacks ?? CallbackTargets.None, CallbackSecret.ReadOrMake(_folder["callback.secret"]), _client,
                job => Encoding.UTF8.GetBytes(FormattableString.Invariant($"{{\"id\":{job.Id},\"state\":\"{job.State}\"}}")), History, clock),
            History, clock, NullLogger<JobRunner>.Instance);
        Scheduler = new Scheduler(Runner, concurrency);
        Service = new JobService(
            Scheduler, History, Spool, clock, Ending, NullLogger<JobService>.Instance)
        {
            QueuedAtMost = queuedAtMost,
            QueuedAtMostEach = queuedAtMostEach,
            QueuedBytesAtMost = queuedBytesAtMost,
            Callbacks = callbacks ?? CallbackTargets.None,
            CallbackBackoff = TimeSpan.Zero,
        };
        Recovery = new Recovery(Service, History, Spool, clock, NullLogger<Recovery>.Instance);
    }

    internal TimeProvider Clock { get; }

    internal Reactor Reactor { get; } = new();

    internal Spawner Spawner { get; }

    internal DirectExecution? Direct { get; }

    internal EndingPolicy Ending { get; } = new();

    internal SpoolSpace Spool { get; }

    internal History History { get; }

    internal JobRunner Runner { get; }

    /// <summary>The server that `make native` has left.</summary>
    internal static string Server => Repository.File("daemon-c/build/kuid-sysreqd");

    internal LocalServer Local { get; }

    internal HostTable Hosts { get; }

    /// <summary>What the configuration would say.</summary>
    internal Dictionary<string, string> ConfiguredHosts { get; } = new(StringComparer.Ordinal);

    internal Scheduler Scheduler { get; }

    internal JobService Service { get; }

    internal Recovery Recovery { get; }

    /// <summary>The file of the history.</summary>
    internal string Database => _folder["history.db"];

    internal Job Submit(JobSpec spec)
    {
        Job job = Service.Submit(spec);
        lock (_jobs)
        {
            _jobs.Add(job);
        }

        return job;
    }

    /// <summary>Asks the shell all there is to ask before a job is executed without it.</summary>
    internal Task Learns(JobSpec spec) => Direct!.LearnAsync(spec.Process!);

    internal Job Shell(string command, Func<JobSpec, JobSpec>? with = null) => Submit(Specs.Shell(command, with));

    internal Job Pipeline(string source, Func<JobSpec, JobSpec>? with = null) => Submit(Specs.Pipeline(source, with));

    internal Job Child(string[] words, Func<JobSpec, JobSpec>? with = null) => Submit(Specs.Child(words, with));

    public async ValueTask DisposeAsync()
    {
        Ending.Hurry();
        await Service.StopAsync(TimeSpan.Zero);
        await Local.DisposeAsync();
        History.Dispose();
        Spawner.Dispose();
        Reactor.Dispose();
        _client.Dispose();
        _jobs.ForEach(job => job.Dispose());
        if (_ownsFolder)
        {
            _folder.Dispose();
        }
    }
}
