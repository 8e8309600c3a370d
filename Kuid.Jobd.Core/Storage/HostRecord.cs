namespace Kuid.Jobd.Core.Storage;

/// <summary>A host as it is kept.</summary>
/// <param name="Name">What pipelines call it.</param>
/// <param name="Address">Where it is, such as <c>unix:/run/sysreq.sock</c> or <c>exec:ssh web1 kuid-sysreqd -</c>.</param>
public sealed record HostRecord(string Name, string Address);
