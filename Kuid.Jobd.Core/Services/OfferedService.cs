namespace Kuid.Jobd.Core.Services;

/// <summary>A service that can be called now.</summary>
/// <param name="Definition">What its owner says of it.</param>
/// <param name="Subserver">Who runs its calls.</param>
public sealed record OfferedService(ServiceDefinition Definition, SubserverConnection Subserver)
{
    /// <summary>
    /// The queue that calls of a service wait in which says how many run at once. No client can give this name, so nothing else is
    /// in it.
    /// </summary>
    public static string QueueOf(string service) => "service:" + service;

    /// <summary>The queue that its calls wait in; null when none waits.</summary>
    public string? Queue => Definition.Max is null ? null : QueueOf(Definition.Name);
}
