using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Storage;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Pipelines;

/// <summary>
/// The life of one job's pipeline: parsed, evaluated on its hosts side by side, ended if somebody wants it to, judged.
/// </summary>
/// <remarks>
/// An evaluation that is to end does so before its next system call. One that is inside a call which does not return (a read of a
/// pipe that nobody writes to) has the job's grace; then the process that serves it is killed and the connection closed.
/// </remarks>
public sealed class PipelineExecutor(
    HostTable hosts, History history, TimeProvider clock, EndingPolicy ending, ILogger<PipelineExecutor> log) : IJobExecutor
{
    /// <inheritdoc/>
    public async Task<JobResult> ExecuteAsync(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        PipelineSpec spec = job.Spec.Pipeline!;
        Script script;
        try
        {
            script = ScriptParser.Parse(spec.Source);
        }
        catch (SyntaxException e)
        {
            // It was parsed when it was submitted, by this version or an older one.
            return new JobResult { Reason = JobReason.Evaluation, Detail = $"{e.Span.Start}: {e.Message}" };
        }

        _ = history.SaveAsync(job);
        var results = new ResultWriter(job, clock);
        HostEvaluation[] evaluations = spec.Hosts is { } several
            ? [.. several.Select(host => new HostEvaluation(host, hosts, spec, new HostSink(results, host), log))]
            : [new HostEvaluation(spec.Host ?? HostTable.Local, hosts, spec, new HostSink(results, host: null), log)];

        using var stop = new CancellationTokenSource();
        Task<HostOutcome[]> all = Task.WhenAll(evaluations.Select(evaluation => evaluation.RunAsync(script, job.Id, stop.Token)));
        await Task.WhenAny(all, job.EndRequested);
        if (!all.IsCompleted)
        {
            await EndAsync(job, evaluations, all, stop);
        }

        HostOutcome[] outcomes = await all;
        try
        {
            await results.FlushAsync();
        }
        catch (OperationCanceledException)
        {
            // The job has asked itself to end, for the want of room.
        }

        return HostOutcome.ResultOf(outcomes);
    }

    private async Task EndAsync(Job job, HostEvaluation[] evaluations, Task all, CancellationTokenSource stop)
    {
        Log.EndingPipeline(log, job.Id, job.EndRequested.Result);
        if (job.State == JobState.Canceling)
        {
            // It may take its time, and lists look for states in the history.
            _ = history.SaveAsync(job);
        }

        await stop.CancelAsync();
        await Task.WhenAny(all, ending.TimeIsOverAsync(job, clock));
        if (!all.IsCompleted)
        {
            await Task.WhenAll(evaluations.Select(evaluation => evaluation.AbandonAsync()));
        }
    }
}
