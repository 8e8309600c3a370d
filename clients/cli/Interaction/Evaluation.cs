using System.Runtime.InteropServices;
using Kuid.Cli.Hosts;
using Kuid.Cli.Printing;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline;
using Kuid.Sysreq.Pipeline.Formats;

namespace Kuid.Cli.Interaction;

/// <summary>A script on a host, from the connection to its end.</summary>
internal static class Evaluation
{
    private const int BySignal = 128;

    /// <summary>Evaluates it. The first signal cancels it, which ends what it has started on the host.</summary>
    /// <param name="arguments">Its <c>$1</c> and so on.</param>
    /// <param name="format">How rows are printed.</param>
    /// <returns>kuid's exit code.</returns>
    internal static async Task<int> RunAsync(Host host, Script script, IReadOnlyList<string> arguments, string format)
    {
        using var interrupts = new Interrupts();
        using var cancelling = new CancellationTokenSource();
        PosixSignal? signal = null;
        _ = CancelAsync();
        try
        {
            await using Session session = await host.OpenAsync(arguments, cancelling.Token);
            await using StreamSink sink = RowOutput.Open(format);
            int status = await session.EvaluateAsync(script, sink, cancelling.Token);
            return (session.ExitStatus ?? status) & 0xFF;
        }
        catch (OperationCanceledException) when (signal is not null)
        {
            return BySignal + SignalNumber.Of(signal.Value.ToString())!.Value;
        }
        catch (IOException e)
        {
            throw new FailureException(e.Message);
        }

        async Task CancelAsync()
        {
            await foreach (PosixSignal next in interrupts.ReadAllAsync())
            {
                signal ??= next;
                await cancelling.CancelAsync();
            }
        }
    }
}
