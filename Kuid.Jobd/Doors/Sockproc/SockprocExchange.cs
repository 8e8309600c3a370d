using System.Buffers;
using System.Globalization;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>One connection of the sockproc door from its first byte to its last: request, job, reply, farewell.</summary>
/// <param name="socket">The connection, which stays the door's to dispose.</param>
internal sealed class SockprocExchange(
    Descriptor socket, PeerCredentials peer, JobService jobs, SockprocOptions options, ILogger log)
{
    private const int HeaderBuffer = 16 * 1024;

    private readonly ReplySender _reply = new(socket, new Patience(options.ReplyIdle, options.ReplyRate));

    /// <summary>Told of the job's id when there is one.</summary>
    internal required Action<long> Submitted { get; init; }

    internal async Task RunAsync(Newcomer newcomer, CancellationToken stopping)
    {
        var reader = new RequestReader(options.CommandBytes, options.StdinBytes);
        (ReadOnlyMemory<byte> surplus, Rejection? failure) = await ReadHeaderAsync(reader, newcomer, stopping);
        if (newcomer.Dropped.IsCancellationRequested && reader.State != ReadState.Complete)
        {
            // Its place is another's already: nobody waits here until it has read this.
            CurtRefusal.Send(socket.Fd, ReplyWriter.Error(new Rejection(RejectionReason.TooManyConnections)));
            return;
        }

        if (reader.State == ReadState.Complete)
        {
            newcomer.HasSpoken();
            failure = await RunJobAsync(reader, surplus);
        }

        if (failure is { } rejection)
        {
            await RefuseAsync(rejection, quietly: rejection.Reason == RejectionReason.CommandUnterminated && !reader.HasBegun);
        }
        else
        {
            // The job and its output are let go by now: a client that lingers holds its connection only.
            await _reply.CloseAsync();
        }
    }

    /// <summary>Replies with an error.</summary>
    /// <param name="quietly">Whether it is nothing to warn of: a health check connects and leaves.</param>
    internal async Task RefuseAsync(Rejection rejection, bool quietly = false)
    {
        if (quietly)
        {
            Log.SentNothing(log, peer.Principal);
        }
        else
        {
            Log.Refused(log, peer.Principal, rejection.Reason, rejection.Text);
        }

        await _reply.SendAsync(ReplyWriter.Error(rejection));
        await _reply.CloseAsync();
    }

    /// <summary>Feeds the reader until it is done or there is no more.</summary>
    /// <returns>What came after the header; why there is nothing to run.</returns>
    private async Task<(ReadOnlyMemory<byte> Surplus, Rejection? Failure)> ReadHeaderAsync(
        RequestReader reader, Newcomer newcomer, CancellationToken stopping)
    {
        CancellationTokenSource? deadline = null;
        try
        {
            while (true)
            {
                // Most send it all at once, and it is there by now.
                ReadState before = reader.State;
                ReadOnlyMemory<byte> surplus = ReadAvailable(reader);
                if (reader.State is ReadState.Complete or ReadState.Rejected)
                {
                    return (surplus, reader.State == ReadState.Rejected ? reader.Rejection : null);
                }

                // Each of the two lines has its own time, for those who type them.
                if (deadline is null || reader.State != before)
                {
                    deadline ??= CancellationTokenSource.CreateLinkedTokenSource(stopping, newcomer.Dropped);
                    deadline.CancelAfter(options.Header);
                }

                await socket.ReadableAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return (default, stopping.IsCancellationRequested
                ? new Rejection(RejectionReason.Stopping)
                : new Rejection(
                    RejectionReason.HeaderTimeout, options.Header.TotalSeconds.ToString(CultureInfo.InvariantCulture)));
        }
        catch (NativeException)
        {
            reader.End();
            return (default, reader.Rejection);
        }
        finally
        {
            deadline?.Dispose();
        }
    }

    // The buffer is rented only while there is something to read: ten thousand idle connections hold none.
    private ReadOnlyMemory<byte> ReadAvailable(RequestReader reader)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderBuffer);
        try
        {
            int n;
            while ((n = socket.TryRead(buffer)) > 0)
            {
                ReadOnlySpan<byte> bytes = buffer.AsSpan(0, n);
                if (reader.Read(ref bytes) is ReadState.Complete or ReadState.Rejected)
                {
                    return bytes.ToArray();
                }
            }

            if (n == 0)
            {
                reader.End();
            }

            return default;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Runs the job and replies with its result.</summary>
    /// <returns>Why there is none to reply with.</returns>
    private async Task<Rejection?> RunJobAsync(RequestReader request, ReadOnlyMemory<byte> surplus)
    {
        try
        {
            using Job job = jobs.Submit(new JobSpec
            {
                Process = ProcessSpec.Shell(request.Command),
                Kind = JobKind.Shell,
                Origin = JobOrigin.Sockproc,
                Wakes = Wakes.AtOnce,
                Principal = peer.Principal,
                Stdin = new CountedInput(socket, surplus, request.StdinBytes, new Patience(options.StdinIdle, options.StdinRate)),
                Timeout = options.Timeout,
                Drain = options.Drain,
                OutputLimit = options.OutputBytes,
                KeepInHistory = options.HistoryBytes,
            });

            Submitted(job.Id);
            if (options.Disconnect == DisconnectPolicy.Kill)
            {
                _ = CancelWhenHungUpAsync(job);
            }

            JobResult result = await job.Ended;
            if (RejectionFor(result) is { } rejection)
            {
                return rejection;
            }

            await _reply.SendAsync(result.Status!.Value, job.Output);
            return null;
        }
        catch (QueueFullException e)
        {
            return new Rejection(RejectionReason.BacklogFull, e.Message);
        }
        catch (DaemonStoppingException)
        {
            return new Rejection(RejectionReason.Stopping);
        }
    }

    // Once the job is over this asks for nothing any more.
    private async Task CancelWhenHungUpAsync(Job job)
    {
        await socket.HungUp;
        if (job.RequestEnd(JobReason.Canceled))
        {
            Log.HungUp(log, job.Id, peer.Principal);
        }
    }

    private static Rejection? RejectionFor(JobResult result) => result switch
    {
        { Reason: JobReason.Stdin } => new Rejection(RejectionReason.StdinCut),
        { Reason: JobReason.Spawn } => new Rejection(RejectionReason.NotStarted, result.Detail ?? string.Empty),
        { Reason: JobReason.OutputLimit } => new Rejection(RejectionReason.OutputLimit, result.Detail ?? string.Empty),
        { Status: null } => new Rejection(RejectionReason.Canceled),
        _ => null,
    };
}
