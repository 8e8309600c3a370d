using System.CommandLine;
using Kuid.Cli.Api;

namespace Kuid.Cli.Verbs;

/// <summary>The resource limits of a job's processes: <c>limits.cpuSeconds</c> is <c>--limit-cpu</c>, and so on.</summary>
internal sealed class LimitOptions
{
    private readonly Option<string?> _cpu = new("--limit-cpu") { Description = "CPU time of each of its processes.", HelpName = "SECONDS" };
    private readonly Option<string?> _memory = new("--limit-memory") { Description = "Address space of each: 512M, 2G.", HelpName = "BYTES" };
    private readonly Option<string?> _file = new("--limit-file") { Description = "How long a file that it writes may become.", HelpName = "BYTES" };
    private readonly Option<string?> _openFiles = new("--limit-open-files") { Description = "Open files of each.", HelpName = "N" };
    private readonly Option<string?> _processes = new("--limit-processes") { Description = "Processes and threads that its user may have.", HelpName = "N" };
    private readonly Option<string?> _core = new("--limit-core") { Description = "How long a core dump may be.", HelpName = "BYTES" };

    /// <summary>Adds them to a verb.</summary>
    internal void AddTo(Command verb)
    {
        foreach (Option option in new Option[] { _cpu, _memory, _file, _openFiles, _processes, _core })
        {
            verb.Options.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    /// <returns>The limits; null when there are none.</returns>
    /// <exception cref="UsageException">One makes no sense.</exception>
    internal JobLimits? Read(ParseResult words)
    {
        var limits = new JobLimits
        {
            CpuSeconds = (long?)ReadWholeSeconds("--limit-cpu", words.GetValue(_cpu)),
            MemoryBytes = Quantity.ReadBytes("--limit-memory", words.GetValue(_memory)),
            FileBytes = Quantity.ReadBytes("--limit-file", words.GetValue(_file)),
            OpenFiles = Operands.ReadNumber("--limit-open-files", words.GetValue(_openFiles), 0, long.MaxValue),
            Processes = Operands.ReadNumber("--limit-processes", words.GetValue(_processes), 0, long.MaxValue),
            CoreBytes = Quantity.ReadBytes("--limit-core", words.GetValue(_core)),
        };
        return limits == new JobLimits() ? null : limits;
    }

    private static double? ReadWholeSeconds(string option, string? text) =>
        Quantity.ReadSeconds(option, text, zero: true) is { } seconds && seconds != Math.Floor(seconds)
            ? throw new UsageException($"{option} \"{text}\": the system counts whole seconds")
            : Quantity.ReadSeconds(option, text, zero: true);
}
