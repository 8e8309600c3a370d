using System.Diagnostics.Metrics;
using Kuid.Jobd.Core.Metrics;

namespace Kuid.Jobd;

/// <summary>What is measured of the audit log.</summary>
internal static class AuditMeter
{
    private static readonly Meter Meter = new(KuidMeter.Name);

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "kuid.audit.dropped", "{line}", "Decisions that the audit log could not take: its disk, or who reads it, is too slow.");

    /// <summary>Some could not be noted.</summary>
    internal static void Drop(int lines = 1) => Dropped.Add(lines);
}
