using System.Text;
using Kuid.Jobd.Core.Descriptors;
using Kuid.Jobd.Core.Native;
using Kuid.Jobd.Core.Processes;
using Kuid.Jobd.Core.Services;

namespace Kuid.Cli.Services;

/// <summary>
/// A call in plain mode: the caller's socket is the program's standard input and output, and nobody copies a byte.
/// </summary>
/// <remarks>
/// <para>
/// Constraint: what the program writes last lies in the socket when it ends, and a TCP socket that is closed while something has come
/// that nobody has read resets the connection: the peer then loses what it has not read yet.
/// </para>
/// <para>
/// Scheme: when the program has ended, this side sends no more, so that the caller reads the end, and what still comes is read and
/// dropped until the caller closes too, or has had time enough.
/// </para>
/// <para>
/// Consequence: the connection ends with the program. Processes that it has left behind have a socket to which nothing can be written.
/// </para>
/// </remarks>
internal sealed class PlainRun(Spawner spawner, Reactor reactor, TimeProvider clock)
{
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    // Never closed, as what is said to people needs it too.
    private static readonly SafeFd OwnStderr = new(Streams.Descriptor.Stderr);

    /// <summary>Runs it to its end.</summary>
    /// <param name="socket">The caller's; it is closed here.</param>
    internal async Task RunAsync(CallRequest call, AdvertisedService service, SafeFd socket, CallReport report, CallEnding ending)
    {
        using Descriptor caller = Watch(socket);
        (long Read, long Written)? before = LibcSocket.TcpBytes(socket);
        var stdio = new Stdio(socket, socket, service.Definition.Stderr == StderrMode.Merge ? socket : OwnStderr);
        try
        {
            using ChildProcess child = await ServiceProgram.StartAsync(spawner, service, call, [], stdio);
            await report.StartedAsync(child.Pid);
            await Task.WhenAny(child.Exited, caller.HungUp, ending.Requested);
            if (!child.Exited.IsCompleted)
            {
                ending.Request(SignalNames.SIGHUP);
                await ending.CarryOutAsync(child, child.Exited, clock);
            }

            (WaitStatus status, ResourceUsage usage) = await child.ReapAsync(clock);
            await report.EndedAsync(status, usage, Difference(before, LibcSocket.TcpBytes(socket)));
        }
        catch (SpawnException e)
        {
            await report.FailedAsync(e.Message);
            Tell(caller, $"error: {e.Message}\n");
        }

        await FarewellAsync(caller);
    }

    private Descriptor Watch(SafeFd socket)
    {
        try
        {
            LibcIo.MakeBlocking(socket);
            return new Descriptor(reactor, socket, EpollEvents.In);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Tell(Descriptor caller, string line)
    {
        try
        {
            _ = caller.TryWrite(Encoding.UTF8.GetBytes(line));
        }
        catch (NativeException)
        {
            // It has gone.
        }
    }

    private async Task FarewellAsync(Descriptor caller)
    {
        LibcSocket.ShutdownWrite(caller.Fd);
        LibcIo.MakeNonBlocking(caller.Fd);
        using var patience = new CancellationTokenSource(LongestFarewell, clock);
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await caller.ReadAsync(buffer, patience.Token) > 0)
            {
                // It was for a program that does not want it.
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NativeException)
        {
            // Time is over, or the caller has reset the connection.
        }
    }

    private static (long In, long Out)? Difference((long Read, long Written)? before, (long Read, long Written)? after) =>
        before is { } first && after is { } last ? (last.Read - first.Read, last.Written - first.Written) : null;
}
