using System.Text;
using Kuid.Jobd.Core.Hosts;
using Kuid.Jobd.Core.Jobs;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Remote;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Core.Pipelines;

/// <summary>The evaluation of a script on one host.</summary>
/// <param name="host">Its name or address.</param>
internal sealed class HostEvaluation(string host, HostTable hosts, PipelineSpec spec, HostSink sink, ILogger log)
{
    // What errors that are nobody's in particular come from.
    private const string Command = "kuid";

    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    private volatile BreakableTransport? _transport;
    private volatile Session? _session;

    /// <summary>Evaluates it; never faults.</summary>
    /// <param name="stop">Ends it before its next system call.</param>
    internal async Task<HostOutcome> RunAsync(Script script, long job, CancellationToken stop)
    {
        try
        {
            if (spec.Session is { } kept)
            {
                (_transport, _session) = (kept.Transport, kept.Session);
                return new HostOutcome(JobReason.Exit, await kept.Session.EvaluateAsync(script, sink, stop));
            }

            _transport = new BreakableTransport(hosts.TransportTo(host));
            await using Session session = _session = await Session.OpenAsync(_transport, OptionsOf(spec), stop);
            return new HostOutcome(JobReason.Exit, await session.EvaluateAsync(script, sink, stop));
        }
        catch (Exception e) when (stop.IsCancellationRequested)
        {
            // However it ends now, it was to end; a session that is to go on may have lost its host on the way.
            if (e is not OperationCanceledException)
            {
                spec.Session?.Lose(e.Message);
            }

            return new HostOutcome(JobReason.Canceled);
        }
        catch (OperationCanceledException e)
        {
            // Its output had no room, which the job knows already.
            return new HostOutcome(JobReason.OutputLimit, Detail: e.Message);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            spec.Session?.Lose(e.Message);
            return await FailAsync(JobReason.Unreachable, e.Message);
        }
        catch (Exception e) when (e is CommandException or SysreqException)
        {
            return await FailAsync(JobReason.Evaluation, e.Message);
        }
        catch (Exception e)
        {
            Log.EvaluationFailed(log, e, job, host);
            return await FailAsync(JobReason.Evaluation, JobRunner.OwnFault);
        }
    }

    /// <summary>Ends it in the middle of a system call: kills the process that makes it, and closes the connection.</summary>
    internal async Task AbandonAsync()
    {
        if (_transport is not { } transport)
        {
            return;
        }

        // Said first: the death of the process ends the evaluation too, which knows only of a lost connection.
        spec.Session?.Lose("a system call that did not return was ended, and its process with it");
        if (_session is { } session)
        {
            await TryKillAsync(transport, session.Pid);
        }

        transport.Break();
    }

    // A server whose connection is closed does not see that before its call returns. It still is the one with that number: while the
    // connection is open it has not ended.
    private static async Task TryKillAsync(BreakableTransport transport, int pid)
    {
        using var patience = new CancellationTokenSource(KillPatience);
        try
        {
            await using SysreqClient other = await SysreqClient.ConnectAsync(transport, cancellationToken: patience.Token);
            await new RemoteSystem(other).KillAsync(pid, Processes.SignalNames.SIGKILL, patience.Token);
        }
        catch (Exception e) when (e is IOException or SysreqException or OperationCanceledException)
        {
            // A server that only lets one look, or one that is gone.
        }
    }

    private async Task<HostOutcome> FailAsync(JobReason reason, string message)
    {
        try
        {
            await sink.ErrorAsync(new ErrorValue(Command, message));
        }
        catch (OperationCanceledException)
        {
            // There is no room even for that; the detail has it.
        }

        return new HostOutcome(reason, Detail: $"{host}: {message}");
    }

    private static SessionOptions OptionsOf(PipelineSpec spec)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string variable in spec.Environment.Select(Encoding.UTF8.GetString))
        {
            int sign = variable.IndexOf('=', StringComparison.Ordinal);
            variables[variable[..sign]] = variable[(sign + 1)..];
        }

        return new SessionOptions
        {
            Environment = variables,
            Directory = spec.WorkingDirectory is { } directory ? Encoding.UTF8.GetString(directory) : null,

            // How long a call that does not return is waited for is the job's to say, and what follows too.
            Client = new SysreqClientOptions { CancellationGrace = JobSpec.LongestTime },
        };
    }
}
