using System.Buffers;
using System.Globalization;
using System.Text;
using Kuid.Jobd.Core.Access;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Jobs;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Services;
using Kuid.Jobd.Doors.Sockproc;
using Microsoft.Extensions.Logging;

namespace Kuid.Jobd.Doors.Services;

/// <summary>One connection of a caller's: the welcome, the request, the call.</summary>
/// <remarks>
/// In plain mode the connection itself goes to the subserver, so nothing that comes behind the empty line may be read here: it
/// could not be put back. What has come is looked at without taking it (MSG_PEEK), and then taken up to where the request ends.
/// </remarks>
/// <param name="socket">The connection, which stays the door's to dispose.</param>
internal sealed class CallExchange(
    Descriptor socket, PeerCredentials peer, Reactor reactor, ServiceRegistry registry, ServiceExecutor executor, JobService jobs,
    AccessGate gate, ServicesOptions options, ILogger log)
{
    private const int LookBytes = 16 * 1024;

    private readonly ReplySender _reply = new(socket, options.Line);
    private AccessDecision _decision;

    internal async Task RunAsync(CancellationToken stopping)
    {
        await _reply.SendAsync("kuid services: the name of a service, your user name or an empty line, arguments, an empty line\n"u8.ToArray());
        var reader = new CallReader(options.Arguments, options.Bytes);
        if (await ReadAsync(reader, stopping) is { } rejection)
        {
            await RefuseAsync(rejection, quietly: !reader.HasBegun);
            return;
        }

        try
        {
            await CallAsync(reader, registry.Find(reader.Service)!.Definition);
        }
        catch (DaemonStoppingException)
        {
            await RefuseAsync(new CallRejection("the daemon is stopping"));
        }
    }

    /// <summary>Says why there is no program.</summary>
    /// <param name="quietly">Whether it is nothing to warn of: a health check connects and leaves.</param>
    internal async Task RefuseAsync(CallRejection rejection, bool quietly = false)
    {
        if (!quietly)
        {
            Log.CallRefused(log, peer.Principal, rejection.Text);
        }

        await _reply.SendAsync(rejection.ToLine());
        await _reply.CloseAsync();
    }

    private async Task<CallRejection?> ReadAsync(CallReader reader, CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(options.Line);
        try
        {
            while (true)
            {
                await socket.ReadableAsync(deadline.Token);
                while (ReadLine(reader))
                {
                    if (RejectionOf(reader) is { } rejection)
                    {
                        return rejection;
                    }

                    if (reader.State == CallReadState.Complete)
                    {
                        return Check(reader);
                    }

                    // Each line has its own time, for those who type them.
                    deadline.CancelAfter(options.Line);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return new CallRejection(stopping.IsCancellationRequested
                ? "the daemon is stopping"
                : string.Create(CultureInfo.InvariantCulture, $"a line has to come within {options.Line.TotalSeconds} seconds"));
        }
        catch (NativeException e)
        {
            return new CallRejection(e.Message);
        }
    }

    /// <summary>Takes what has come up to the end of a line.</summary>
    /// <returns>Whether it came to one, or to the end of the request.</returns>
    private bool ReadLine(CallReader reader)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LookBytes);
        try
        {
            int n;
            while ((n = LibcSocket.Peek(socket.Fd, buffer)) > 0)
            {
                ReadOnlySpan<byte> bytes = buffer.AsSpan(0, n);
                CallReadState before = reader.State;
                int arguments = reader.Arguments.Count;
                reader.Read(ref bytes);
                socket.TryRead(buffer.AsSpan(0, n - bytes.Length));
                if (reader.State != before || reader.Arguments.Count != arguments)
                {
                    return true;
                }
            }

            if (n == 0)
            {
                reader.End();
            }

            return n == 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private CallRejection? RejectionOf(CallReader reader) =>
        reader.Rejection is { } text ? new CallRejection(text)
        : registry.Find(reader.Service) is null ? CallRejection.NoService(reader.Service)
        : null;

    private CallRejection? Check(CallReader reader)
    {
        _decision = gate.Decide("services", peer.AsCaller(socket.Fd, options.Mode), "call", Scope.Run, reader.Service);
        if (!_decision.IsAllowed)
        {
            return new CallRejection($"{peer.Principal} may not call {reader.Service}");
        }

        OfferedService service = registry.Find(reader.Service)!;
        IReadOnlyList<ParameterMistake> mistakes = ParameterRules.Check(service.Definition.Parameters, reader.Arguments).Mistakes;
        return mistakes.Count == 0 ? null : new CallRejection(string.Join(
            "; ", mistakes.Select(mistake => mistake.Parameter is { } name ? $"{name}: {mistake.Text}" : mistake.Text)));
    }

    private async Task CallAsync(CallReader request, ServiceDefinition service)
    {
        if (request.IsFramed)
        {
            using var relayed = new RelayedCall(reactor, socket);
            JobResult result = await RunAsync(request, service, relayed);
            if (!relayed.IsAnswered)
            {
                await _reply.SendAsync(FrameWriter.ToBytes(Frame.OfText(FrameKind.Error, InWords(result))));
            }

            await _reply.CloseAsync();
        }
        else
        {
            var handedOver = new HandedOverCall(socket);
            JobResult result = await RunAsync(request, service, handedOver);
            if (!handedOver.IsHandedOver)
            {
                await TakeBackAsync(handedOver, new CallRejection(InWords(result)));
            }
        }
    }

    private async Task<JobResult> RunAsync(CallReader request, ServiceDefinition service, CallStreams streams)
    {
        byte[] name = Encoding.ASCII.GetBytes(service.Name);
        using Job job = jobs.Submit(new JobSpec
        {
            Process = new ProcessSpec(name, [name, .. request.Arguments]),
            Kind = JobKind.Service,
            Origin = JobOrigin.Service,
            Principal = peer.Principal,
            Service = service.Name,
            ClaimedUser = request.User,
            PassedThrough = true,
            Queue = service.Max is null ? null : OfferedService.QueueOf(service.Name),
            Timeout = service.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Execution = executor.Over(streams),
        });
        gate.Note(_decision with { Job = job.Id });
        if (await Task.WhenAny(job.Ended, socket.HungUp) == socket.HungUp)
        {
            // Once it runs, whoever moves its bytes sees this too.
            job.RequestEnd(JobReason.Canceled, "the caller has gone");
        }

        return await job.Ended;
    }

    // The socket was on its way to a subserver that is gone; here it is still the caller's connection.
    private async Task TakeBackAsync(HandedOverCall call, CallRejection rejection)
    {
        if (call.ComeBack is not { } descriptor)
        {
            await RefuseAsync(rejection);
            return;
        }

        LibcIo.MakeNonBlocking(descriptor);
        using var again = new Descriptor(reactor, descriptor, EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp);
        var reply = new ReplySender(again, options.Line);
        await reply.SendAsync(rejection.ToLine());
        await reply.CloseAsync();
    }

    private static string InWords(JobResult result) => result.Detail ?? result.Reason switch
    {
        JobReason.Canceled => "the call was cancelled",
        JobReason.Shutdown => "the daemon is stopping",
        JobReason.Timeout => "the call has taken too long",
        _ => "the call has ended, and whoever ran it has not said how",
    };
}
