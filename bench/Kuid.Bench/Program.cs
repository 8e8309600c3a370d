using System.CommandLine;
using System.Runtime.InteropServices;
using Kuid.Bench.Cases;
using Kuid.Bench.Reporting;

namespace Kuid.Bench;

/// <summary>The cases one after the other, then the table.</summary>
internal static class Program
{
    private const int Interrupted = 130;

    private static async Task<int> Main(string[] args)
    {
        using var cancellation = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        // What was started is ended on every way out, and that takes the time that it takes.
        return await BenchOptions.Command([.. CaseList.All.Select(each => each.Name)], options => RunAsync(options, cancellation.Token))
            .Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, cancellation.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            cancellation.Cancel();
        }
    }

    private static async Task<int> RunAsync(BenchOptions options, CancellationToken cancellation)
    {
        using var scratch = new Scratch(options.Folder);
        var bench = new Workbench(options, scratch);
        var rows = new List<Row>();
        try
        {
            foreach (ICase each in CaseList.All.Where(each => options.Cases.Count == 0 || options.Cases.Contains(each.Name, StringComparer.Ordinal)))
            {
                Workbench.Say($"{each.Name}: {each.What}");
                IReadOnlyList<Row> measured = await MeasureAsync(each, bench, cancellation);
                rows.AddRange(measured);
                foreach (Row row in measured)
                {
                    Workbench.Say(Report.Line(row).TrimEnd());
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Interrupted;
        }

        string report = Report.Write(await Machine.DescribeAsync(bench, cancellation), rows, bench.Notes);
        Console.Write(report);
        if (options.Cases.Count == 0)
        {
            await File.WriteAllTextAsync(options.Results, report, cancellation);
        }

        return rows.Exists(row => row.Failed) ? 1 : 0;
    }

    // What is wrong with one case is no reason to measure no other.
    private static async Task<IReadOnlyList<Row>> MeasureAsync(ICase each, Workbench bench, CancellationToken cancellation)
    {
        try
        {
            return await each.MeasureAsync(bench, cancellation);
        }
        catch (NotRunException e)
        {
            Workbench.Say($"{each.Name} could not be run: {e.Message}");
            return [new Row(each.What, string.Empty, Ours: null) { Trouble = e.Message }];
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            Workbench.Say($"{each.Name} FAILED: {e}");
            return [new Row(each.What, string.Empty, Ours: null) { Trouble = e.Message.ReplaceLineEndings(" "), Failed = true }];
        }
    }
}
