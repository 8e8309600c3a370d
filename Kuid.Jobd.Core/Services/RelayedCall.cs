using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Core.Services;

/// <summary>
/// A call in framed mode: frames are copied between the caller and the subserver, each side no faster than the other one takes
/// them, and counted.
/// </summary>
/// <param name="caller">The caller's connection, which stays its door's.</param>
public sealed class RelayedCall(Reactor reactor, Descriptor caller) : FramedCall(reactor)
{
    private readonly FramedSocket _caller = new(caller);
    private bool _callerGone;

    /// <summary>Whether the caller has been told how the call ended.</summary>
    public bool IsAnswered { get; private set; }

    /// <inheritdoc/>
    internal override async Task RunAsync(Job job, CancellationToken over)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(over);
        Task asking = CopyFromCallerAsync(job, answered.Token);
        try
        {
            await FrameCopy.RunAsync(Service!.Socket, new FrameReader(fromCaller: false), frames => TellAsync(job, frames, over), over);
        }
        catch (FormatException e)
        {
            job.RequestEnd(JobReason.Unreachable, "whoever ran it: " + e.Message);
        }
        catch (OperationCanceledException)
        {
            // It has had its time.
        }

        await answered.CancelAsync();
        await asking;
    }

    private async Task CopyFromCallerAsync(Job job, CancellationToken over)
    {
        try
        {
            await FrameCopy.RunAsync(_caller.Socket, new FrameReader(fromCaller: true), frames => AskAsync(job, frames, over), over);
            HasGone(job);
        }
        catch (FormatException e)
        {
            IsAnswered = true;
            await _caller.TryWriteAsync(FrameWriter.ToBytes(Frame.OfText(FrameKind.Error, e.Message)), over);
            job.RequestEnd(JobReason.Canceled, "the caller: " + e.Message);
        }
        catch (OperationCanceledException)
        {
            // The call is over.
        }
    }

    private async ValueTask<bool> AskAsync(Job job, IReadOnlyList<Frame> frames, CancellationToken over)
    {
        job.HasPassed(stdin: frames.Where(frame => frame.Kind == FrameKind.In).Sum(frame => frame.Payload.Length));

        // When the subserver has gone the rest is read and dropped: the caller is told in its turn.
        await Service!.TryWriteAsync(FrameCopy.ToBytes(frames), over);
        return true;
    }

    private async ValueTask<bool> TellAsync(Job job, IReadOnlyList<Frame> frames, CancellationToken over)
    {
        job.HasPassed(stdout: BytesOf(frames, OutputStream.Stdout), stderr: BytesOf(frames, OutputStream.Stderr));
        bool isLast = frames.Any(frame => frame.Kind is FrameKind.Exit or FrameKind.Error);
        if (!IsAnswered && !_callerGone && !await _caller.TryWriteAsync(FrameCopy.ToBytes(frames), over))
        {
            HasGone(job);
        }

        IsAnswered |= isLast;
        return !isLast;
    }

    private static long BytesOf(IReadOnlyList<Frame> frames, OutputStream stream)
    {
        FrameKind kind = stream == OutputStream.Stdout ? FrameKind.Out : FrameKind.Err;
        return frames.Where(frame => frame.Kind == kind).Sum(frame => (long)frame.Payload.Length);
    }

    private void HasGone(Job job)
    {
        if (!_callerGone)
        {
            _callerGone = true;
            Service!.Signal(SignalNames.SIGHUP);
            job.RequestEnd(JobReason.Canceled, "the caller has gone");
        }
    }
}
