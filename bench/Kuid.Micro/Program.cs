using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;
using Perfolizer.Horology;

namespace Kuid.Micro;

/// <summary>All benchmarks, and their tables into a file; or with arguments, which are BenchmarkDotNet's, those that are asked for.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        bool all = args.Length == 0;
        string load = Report.Load();
        List<Summary> summaries =
            [.. BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(all ? ["--filter", "*"] : args, Configuration())];
        if (summaries.Exists(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(each => !each.Success)))
        {
            return 1;
        }

        if (all)
        {
            File.WriteAllText(Report.Path, Report.Write(load, summaries));
        }

        return 0;
    }

    // Short iterations, because what is looked for is a part that has become some times as slow, or that allocates more than it did.
    // In this process, because a process for each would have to be built first, with every project it stands on: minutes, for nothing that a
    // part leaves to the next.
    private static ManualConfig Configuration() => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(5)
            .WithIterationCount(10)
            .WithIterationTime(TimeInterval.FromMilliseconds(100)))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .AddValidator(JitOptimizationsValidator.FailOnError, ExecutionValidator.FailOnError)
        .WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "artifacts"));
}
