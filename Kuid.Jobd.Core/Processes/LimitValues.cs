using Kuid.Jobd.Core.Native;

namespace Kuid.Jobd.Core.Processes;

/// <summary>The limits of a process as the shim takes them, and in words.</summary>
internal static class LimitValues
{
    internal static KuidSpawn.Limits Of(ResourceLimits? limits) => new()
    {
        Cpu = Value(limits?.CpuSeconds),
        As = Value(limits?.MemoryBytes),
        Fsize = Value(limits?.FileBytes),
        Nofile = Value(limits?.OpenFiles),
        Nproc = Value(limits?.Processes),
        Core = Value(limits?.CoreBytes),
    };

    /// <summary>The limit that could not be set, and the hard one of the daemon when that is the reason.</summary>
    internal static string Describe(SpawnStep step, in KuidSpawn.Limits limits)
    {
        (ulong value, LimitedResource resource) = step switch
        {
            SpawnStep.LimitCpu => (limits.Cpu, LimitedResource.Cpu),
            SpawnStep.LimitAs => (limits.As, LimitedResource.As),
            SpawnStep.LimitFsize => (limits.Fsize, LimitedResource.Fsize),
            SpawnStep.LimitNofile => (limits.Nofile, LimitedResource.Nofile),
            SpawnStep.LimitNproc => (limits.Nproc, LimitedResource.Nproc),
            _ => (limits.Core, LimitedResource.Core),
        };
        return LibcLimits.Hard(resource) is { } hard && value > hard ? $"{value}, above the daemon's hard limit {hard}," : $"{value}";
    }

    private static ulong Value(long? limit) => limit is { } value ? (ulong)value : KuidSpawn.KeepLimit;
}
