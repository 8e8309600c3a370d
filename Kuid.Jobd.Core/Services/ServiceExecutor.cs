using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// The life of one call, from top to bottom: whose it is, handed to the subserver, its streams moved, ended if somebody wants it
/// to, and judged by what the subserver says. The program itself is never this process's: it is the owner's.
/// </summary>
public sealed class ServiceExecutor(
    ServiceRegistry registry, Reactor reactor, History history, TimeProvider clock, EndingPolicy ending) : IJobExecutor
{
    // The subserver kills within its own grace period, and at once when it is told again; then only word of it is missing.
    private static readonly TimeSpan AfterKill = TimeSpan.FromSeconds(3);

    /// <summary>Executes a call whose input and output are the job's.</summary>
    public async Task<JobResult> ExecuteAsync(Job job)
    {
        using var streams = new KeptCall(reactor);
        return await ExecuteAsync(job, streams);
    }

    /// <summary>Executes one call over the streams of a door's.</summary>
    public IJobExecutor Over(CallStreams streams) => new OverStreams(this, streams);

    private async Task<JobResult> ExecuteAsync(Job job, CallStreams streams)
    {
        ArgumentNullException.ThrowIfNull(job);
        string name = job.Spec.Service!;
        if (registry.Find(name) is not { } service)
        {
            return Unreachable($"nobody offers {name} now");
        }

        // Its owner may have changed the rules while it waited.
        byte[][] given = [.. job.Spec.Process!.Argv.Skip(1)];
        ParameterCheck check = ParameterRules.Check(service.Definition.Parameters, given);
        if (check.Mistakes is [var mistake, ..])
        {
            return new JobResult { Reason = JobReason.Spawn, Detail = mistake.Parameter is { } parameter ? $"{parameter}: {mistake.Text}" : mistake.Text };
        }

        try
        {
            RemoteCall call = service.Subserver.Call(job.Id, MessageOf(job, streams, check.Arguments), streams.TakeSocket());
            return await LiveAsync(job, call, streams);
        }
        catch (NativeException e)
        {
            return new JobResult { Reason = JobReason.Spawn, Detail = e.Message };
        }
    }

    private async Task<JobResult> LiveAsync(Job job, RemoteCall call, CallStreams streams)
    {
        // Whoever looks at the history sees it from here on; while it waits only its queue tells of it, as its caller may go.
        _ = history.SaveAsync(job);
        using var over = new CancellationTokenSource();
        Task copied = streams.RunAsync(job, over.Token);
        Task all = Task.WhenAll(call.Ended, copied);
        await Task.WhenAny(call.Started, all, job.EndRequested);
        if (call.Started.IsCompletedSuccessfully)
        {
            job.HasProcess(await call.Started, signal => !call.Ended.IsCompleted && streams.TrySignal(signal));
            _ = history.SaveAsync(job);
            await Task.WhenAny(all, job.EndRequested);
        }

        if (!all.IsCompleted && job.EndRequested.IsCompleted)
        {
            await EndAsync(job, call, all);
        }

        await over.CancelAsync();
        await copied;
        return call.Ended.IsCompleted ? Judge(job, await call.Ended) : Unreachable("whoever ran it has not said that it is over");
    }

    private async Task EndAsync(Job job, RemoteCall call, Task all)
    {
        if (job.State == JobState.Canceling)
        {
            // It may take its time, and lists look for states in the history.
            _ = history.SaveAsync(job);
        }

        call.RequestEnd();
        await Task.WhenAny(all, ending.TimeIsOverAsync(job, clock));
        if (!all.IsCompleted)
        {
            call.RequestEnd();
            await Task.WhenAny(all, Task.Delay(AfterKill, clock));
        }
    }

    private static JobResult Judge(Job job, CallEnd end)
    {
        if (end.Status is not { } status)
        {
            return end.IsLost ? Unreachable(end.Fault!) : new JobResult { Reason = JobReason.Spawn, Detail = end.Fault };
        }

        if (job.Spec.Execution is OverStreams { IsHandedOver: true })
        {
            job.HasPassed(stdin: Math.Max(0, end.BytesIn), stdout: Math.Max(0, end.BytesOut));
        }

        return new JobResult
        {
            Reason = status.Signal is null ? JobReason.Exit : JobReason.Signal,
            Status = status,
            Usage = end.Usage,
        };
    }

    private static RegistryMessage MessageOf(Job job, CallStreams streams, IReadOnlyList<byte[]> arguments)
    {
        string[] head = [job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), job.Spec.Service!, streams.Mode, job.Spec.Principal, job.Spec.ClaimedUser ?? string.Empty];
        return RegistryMessage.OfBytes(RegistryVerb.Call, [.. head.Select(Encoding.UTF8.GetBytes), .. arguments]);
    }

    private static JobResult Unreachable(string detail) => new() { Reason = JobReason.Unreachable, Detail = detail };

    private sealed class OverStreams(ServiceExecutor executor, CallStreams streams) : IJobExecutor
    {
        internal bool IsHandedOver => streams is HandedOverCall;

        public Task<JobResult> ExecuteAsync(Job job) => executor.ExecuteAsync(job, streams);
    }
}
