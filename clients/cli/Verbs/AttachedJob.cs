using System.Runtime.InteropServices;
using Kuid.Cli.Api;
using Kuid.Cli.Streams;

namespace Kuid.Cli.Verbs;

/// <summary>
/// A job whose three streams are kuid's. It is over when the daemon has sent the end of both outputs and says that the job has
/// ended; standard input is given up then, wherever it is, for the rest of it is nobody's.
/// </summary>
/// <param name="daemon">The daemon.</param>
/// <param name="id">The job.</param>
internal sealed class AttachedJob(DaemonClient daemon, long id)
{
    /// <summary>Moves the bytes and passes on signals until the job has ended.</summary>
    /// <param name="streamsStdin">Whether the job's stdin is kuid's.</param>
    /// <returns>The ended job.</returns>
    internal async Task<Job> StayAsync(bool streamsStdin, Interrupts interrupts, CancellationToken cancellation)
    {
        // Only a failure of these two matters: the end of the input, or of the signals, is not the end of the job.
        var failed = new TaskCompletionSource<Job>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = WatchAsync(RelayAsync(interrupts, cancellation), failed);
        _ = WatchAsync(streamsStdin ? SendStdinAsync(cancellation) : Task.CompletedTask, failed);

        Task<Job> first = await Task.WhenAny(EndAsync(cancellation), failed.Task);
        if (!first.IsCompletedSuccessfully)
        {
            // A job whose input or output is lost is not the one that was asked for: it does not run on unseen.
            await GiveUpAsync(cancellation);
        }

        return await first;
    }

    private static async Task WatchAsync(Task work, TaskCompletionSource<Job> failed)
    {
        try
        {
            await work;
        }
        catch (Exception e)
        {
            failed.TrySetException(e);
        }
    }

    private async Task<Job> EndAsync(CancellationToken cancellation)
    {
        // The first that fails ends both: when nobody reads the one any more, the other may go on for ever.
        Task[] copies =
        [
            OutputCopy.RunAsync(daemon, id, Descriptor.Stdout, follow: true, tail: null, cancellation, whole: true),
            OutputCopy.RunAsync(daemon, id, Descriptor.Stderr, follow: true, tail: null, cancellation, whole: true),
        ];
        await foreach (Task copy in Task.WhenEach(copies).WithCancellation(cancellation))
        {
            await copy;
        }

        return await daemon.WaitAsync(id, cancellation);
    }

    private async Task SendStdinAsync(CancellationToken cancellation)
    {
        try
        {
            using var content = new StdinContent(buffer => Descriptor.Read(Descriptor.Stdin, buffer.Span));
            await daemon.PutStdinAsync(id, content, cancellation);
        }
        catch (ProblemException e) when (e.Code is "notrunning" or "closed")
        {
            // The job has ended, or wants no more: as a pipe whose reader has closed it.
        }
        catch (FailureException)
        {
            // The daemon hangs up on a body that nobody reads any more; that is a failure only while the job still runs.
            if (!(await daemon.GetAsync(id, cancellation)).HasEnded)
            {
                throw;
            }
        }
    }

    private async Task RelayAsync(Interrupts interrupts, CancellationToken cancellation)
    {
        bool interrupted = false;
        await foreach (PosixSignal signal in interrupts.ReadAllAsync().WithCancellation(cancellation))
        {
            if (signal == PosixSignal.SIGINT && !interrupted)
            {
                interrupted = true;
                await InterruptAsync(cancellation);
            }
            else
            {
                await daemon.CancelAsync(id, cancellation);
            }
        }
    }

    private async Task InterruptAsync(CancellationToken cancellation)
    {
        try
        {
            await daemon.SignalAsync(id, "SIGINT", cancellation);
        }
        catch (ProblemException e) when (e.Code == "notrunning")
        {
            // It waits in its queue, or has just ended, and then this changes nothing.
            await daemon.CancelAsync(id, cancellation);
        }
    }

    private async Task GiveUpAsync(CancellationToken cancellation)
    {
        try
        {
            await daemon.CancelAsync(id, cancellation);
        }
        catch (FailureException)
        {
            // What is told is why it was given up.
        }
    }
}
