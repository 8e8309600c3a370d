using System.Collections.Concurrent;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Cli.Services;

/// <summary>The calls that run here, whichever superserver they came from: one that dies takes none of them along.</summary>
internal sealed class RunningCalls(Spawner spawner, Reactor reactor, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(RegistryConnection From, long Id), (CallEnding Ending, Task Run)> _calls = new();

    /// <summary>Begins a call.</summary>
    /// <param name="service">What was called; null when it is not offered any more.</param>
    /// <param name="socket">What came with the call, owned from here on.</param>
    internal void Begin(CallRequest call, AdvertisedService? service, SafeFd socket, RegistryConnection from)
    {
        var ending = new CallEnding();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[(from, call.Id)] = (ending, RunAsync());
        ready.SetResult();

        async Task RunAsync()
        {
            // It is in the list before it can leave it.
            await ready.Task;
            await LiveAsync(call, service, socket, new CallReport(call.Id, from.SendAsync), ending);
            _calls.TryRemove((from, call.Id), out _);
        }
    }

    /// <summary>Ends a call, if it still runs; whoever wants that a second time gives it no more time.</summary>
    internal void End(RegistryConnection from, long id)
    {
        if (_calls.TryGetValue((from, id), out (CallEnding Ending, Task Run) call))
        {
            if (call.Ending.IsAsked)
            {
                call.Ending.Hurry();
            }

            call.Ending.Request(SignalNames.SIGTERM);
            call.Ending.IsAsked = true;
        }
    }

    /// <summary>Ends all calls and waits until they are over and reported.</summary>
    /// <param name="hurry">When this completes none gets any more time.</param>
    internal async Task EndAllAsync(Task hurry)
    {
        foreach ((CallEnding ending, _) in _calls.Values)
        {
            ending.Request(SignalNames.SIGTERM);
        }

        Task all = Task.WhenAll(_calls.Values.Select(call => call.Run));
        if (await Task.WhenAny(all, hurry) != all)
        {
            foreach ((CallEnding ending, _) in _calls.Values)
            {
                ending.Hurry();
            }
        }

        await all;
    }

    private async Task LiveAsync(CallRequest call, AdvertisedService? service, SafeFd socket, CallReport report, CallEnding ending)
    {
        try
        {
            if (service is null)
            {
                socket.Dispose();
                await report.FailedAsync($"{call.Service} is not offered any more");
            }
            else if (call.IsFramed)
            {
                await new FramedRun(spawner, reactor, clock).RunAsync(call, service, socket, report, ending);
            }
            else
            {
                await new PlainRun(spawner, reactor, clock).RunAsync(call, service, socket, report, ending);
            }
        }
        catch (NativeException e)
        {
            // No descriptors are left, mostly; the other calls go on.
            Talk.Line($"call {call.Id} of {call.Service}: {e.Message}");
            await report.FailedAsync(e.Message);
        }
    }
}
