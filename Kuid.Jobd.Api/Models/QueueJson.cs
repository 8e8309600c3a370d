using Kuid.Jobd.Core.Queues;

namespace Kuid.Jobd.Api.Models;

/// <summary>A queue; the contract's Queue.</summary>
internal sealed record QueueJson(string Name, int Concurrency, bool Paused, bool Draining, int Waiting, int Running, int Scheduled)
{
    internal static QueueJson Of(QueueStatus queue) =>
        new(queue.Name, queue.Concurrency, queue.Paused, queue.Draining, queue.Waiting, queue.Running, queue.Scheduled);
}

/// <summary>All queues; the contract's QueueList.</summary>
internal sealed record QueueListJson(IReadOnlyList<QueueJson> Items);

/// <summary>The body of putQueue.</summary>
internal sealed record QueueRequest
{
    /// <summary>How many of its jobs run at once.</summary>
    public int? Concurrency { get; init; }

    /// <summary>Whether none is started.</summary>
    public bool? Paused { get; init; }
}

/// <summary>What purgeQueue did; the contract's QueuePurge.</summary>
internal sealed record QueuePurgeJson(string Name, int Canceled);

/// <summary>The body of patchJob.</summary>
internal sealed record JobPatch
{
    /// <summary>Its place in the queue.</summary>
    public int? Priority { get; init; }

    /// <summary>The queue.</summary>
    public string? Queue { get; init; }

    /// <summary>The labels, all of them.</summary>
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>When it may start at the earliest (RFC 3339).</summary>
    public string? NotBefore { get; init; }
}
