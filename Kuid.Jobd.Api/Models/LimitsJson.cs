using System.Text.Json.Serialization;
using Kuid.Jobd.Core.Processes;

namespace Kuid.Jobd.Api.Models;

/// <summary>What a process may use of the machine; the contract's ResourceLimits. What is not limited is left out.</summary>
internal sealed record LimitsJson
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CpuSeconds { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MemoryBytes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? FileBytes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? OpenFiles { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Processes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? CoreBytes { get; init; }

    /// <summary>The members by their names, for those who check them.</summary>
    internal IEnumerable<(string Name, long? Value)> All() =>
    [
        ("cpuSeconds", CpuSeconds), ("memoryBytes", MemoryBytes), ("fileBytes", FileBytes),
        ("openFiles", OpenFiles), ("processes", Processes), ("coreBytes", CoreBytes),
    ];

    internal static LimitsJson Of(ResourceLimits limits) => new()
    {
        CpuSeconds = limits.CpuSeconds,
        MemoryBytes = limits.MemoryBytes,
        FileBytes = limits.FileBytes,
        OpenFiles = limits.OpenFiles,
        Processes = limits.Processes,
        CoreBytes = limits.CoreBytes,
    };

    internal ResourceLimits ToLimits() => new()
    {
        CpuSeconds = CpuSeconds,
        MemoryBytes = MemoryBytes,
        FileBytes = FileBytes,
        OpenFiles = OpenFiles,
        Processes = Processes,
        CoreBytes = CoreBytes,
    };
}
