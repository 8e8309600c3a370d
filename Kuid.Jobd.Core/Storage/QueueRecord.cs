namespace Kuid.Jobd.Core.Storage;

/// <summary>What is kept of a queue of which somebody has said something.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Concurrency">How many of its jobs run at once; null for as many as the daemon is configured with.</param>
/// <param name="Paused">Whether none is started.</param>
/// <param name="Draining">Whether none is taken.</param>
public sealed record QueueRecord(string Name, int? Concurrency, bool Paused, bool Draining);
