using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Coprocess;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Fanos;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Coprocess;

/// <summary>One connection of the coprocess door from its first request to its last, one after the other.</summary>
/// <remarks>
/// A descriptor that was passed belongs to the client: it goes to a process and is closed here, and nothing is ever read from it,
/// written to it or set on it, for O_NONBLOCK would be the client's terminal's too. It is closed before the reply is sent, so that
/// a client which has read that waits for nobody but its own processes.
/// </remarks>
/// <param name="socket">The connection, which stays the door's to dispose.</param>
/// <param name="session">Its shell, the same.</param>
internal sealed class CoprocessExchange(
    Descriptor socket, PeerCredentials peer, JobService jobs, AccessGate gate, CoprocessSession session, int messageBytes, ILogger log)
{
    // How long a client may take nothing of a reply that waits for it.
    private static readonly TimeSpan ReplyIdle = TimeSpan.FromSeconds(60);

    // A client that has read of the end of its session closes; one that has sent more meanwhile is not to meet a broken pipe.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(10);

    private readonly FanosReader _reader = new(socket, messageBytes);
    private readonly CoprocessSurroundings _surroundings = new();
    private bool _isOver;

    /// <summary>Answers requests until the client has sent its last, or its shell has ended, or the daemon stops.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!_isOver && await _reader.ReadAsync(stopping) is { } message)
            {
                byte[] reply;
                using (message)
                {
                    reply = await AnswerAsync(message);
                }

                using var patience = new CancellationTokenSource(ReplyIdle);
                await FanosWriter.WriteAsync(socket, reply, [], patience.Token);
            }

            await session.DisposeAsync();
            LibcSocket.ShutdownWrite(socket.Fd);
            await DropAsync(stopping);
        }
        catch (FanosException e)
        {
            Log.CoprocessOutOfStep(log, peer.Principal, e.Message);
        }
        catch (NativeException e)
        {
            Log.CoprocessGone(log, peer.Principal, e.Message);
        }
        catch (OperationCanceledException)
        {
            // The daemon stops, or the client has had its time.
        }
    }

    private async Task DropAsync(CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Farewell);
        while (await _reader.ReadAsync(patience.Token) is { } late)
        {
            late.Dispose();
        }
    }

    private async Task<byte[]> AnswerAsync(FanosMessage message)
    {
        try
        {
            if (message.DescriptorsLost)
            {
                // Those that were taken have left none for anything else.
                message.Dispose();
                throw new CoprocessRefusedException("more descriptors came than the daemon has room for; nothing was done");
            }

            CoprocessRequest request = CoprocessRequest.Parse(message.Payload.Span, message.Descriptors.Count);
            return request.Verb switch
            {
                CoprocessVerb.GetPid => CoprocessReply.Number((await session.ShellAsync()).Pid),
                CoprocessVerb.Argv or CoprocessVerb.Main => await RunAsync(_surroundings.Process(request.Words), message),
                CoprocessVerb.Env => Done(_surroundings.Set(request.Words)),
                CoprocessVerb.Cd => Done(_surroundings.Enter(request.Words[0])),
                CoprocessVerb.Dump => CoprocessReply.Json(await AskAsync(shell => shell.DumpAsync())),
                CoprocessVerb.Complete => CoprocessReply.Json(await AskAsync(shell => shell.CompleteAsync(request.Text))),
                _ => await EvaluateAsync(request, message),
            };
        }
        catch (CoprocessRefusedException e)
        {
            Log.CoprocessRefused(log, peer.Principal, e.Message);
            return CoprocessReply.Error(e.Message);
        }
        catch (SpawnException e)
        {
            return CoprocessReply.Error($"the shell could not be started: {e.Message}");
        }
        catch (CoprocessShellException e)
        {
            return CoprocessReply.Error(e.Message);
        }
        catch (DaemonStoppingException)
        {
            return CoprocessReply.Error("the daemon is stopping; nothing was done");
        }
    }

    private static byte[] Done(int errno) => errno == 0 ? CoprocessReply.Ok : CoprocessReply.Error(Errno.Name(errno));

    private async Task<byte[]> RunAsync(ProcessSpec process, FanosMessage message)
    {
        using Stdio stdio = StdioOf(message);
        JobResult result = await ResultAsync(new JobSpec
        {
            Process = process,
            Kind = JobKind.Argv,
            Origin = JobOrigin.Coprocess,
            Principal = peer.Principal,
            PassedThrough = true,
            Stdio = stdio,
        });
        return result.Status is { } status ? CoprocessReply.Number(status.Raw) : NotRun(result);
    }

    private async Task<byte[]> EvaluateAsync(CoprocessRequest request, FanosMessage message)
    {
        bool onTerminal = request.Verb == CoprocessVerb.Ieval;
        using Stdio stdio = StdioOf(message);
        if (onTerminal && !LibcIo.IsTerminal(stdio.Stdin))
        {
            throw new CoprocessRefusedException("IEVAL takes a terminal as stdin; EVAL takes anything");
        }

        var evaluation = new EvalExecutor(jobs, await session.ShellAsync(), request.Text, stdio, onTerminal);
        JobResult result = await ResultAsync(new JobSpec
        {
            Process = new ProcessSpec(request.Text, [request.Text]),
            Kind = JobKind.Eval,
            Origin = JobOrigin.Coprocess,
            Principal = peer.Principal,
            PassedThrough = true,
            Execution = evaluation,
        });
        _isOver |= evaluation.HasEndedShell;
        return result.Status is not { } status ? NotRun(result)
            : request.Verb != CoprocessVerb.Ecmd ? CoprocessReply.Number(status.ShellStatus)
            : status.Succeeded ? CoprocessReply.Ok
            : CoprocessReply.Fail;
    }

    // The shell's own time is not limited: a completion may be a function of the user's, which only his going away ends.
    private async Task<ReadOnlyMemory<byte>> AskAsync(Func<CoprocessShell, Task<byte[]>> ask)
    {
        Task<byte[]> answered = ask(await session.ShellAsync());
        if (await Task.WhenAny(answered, socket.HungUp) != answered)
        {
            await session.DisposeAsync();
        }

        return await answered;
    }

    private async Task<JobResult> ResultAsync(JobSpec spec)
    {
        using Job job = jobs.Submit(spec);
        gate.Note(new AccessDecision(IsAllowed: true, "coprocess", peer.Principal, spec.Kind == JobKind.Eval ? "eval" : "argv", Scope.Run) { Job = job.Id });
        if (await Task.WhenAny(job.Ended, socket.HungUp) != job.Ended && job.RequestEnd(JobReason.Canceled, "its client hung up"))
        {
            Log.HungUp(log, job.Id, peer.Principal);
        }

        return await job.Ended;
    }

    private static byte[] NotRun(JobResult result) => CoprocessReply.Error(result.Detail ?? "the job was ended before it started");

    private static Stdio StdioOf(FanosMessage message) => message.TakeDescriptors() is [var stdin, var stdout, var stderr]
        ? new Stdio(stdin, stdout, stderr)
        : throw new InvalidOperationException("a request that takes three descriptors was let through without them");
}
