using Kuid.Jobd.Core.Batches;

namespace Kuid.Jobd.Core.Jobs.Waiting;

/// <summary>
/// What jobs of whatever queues hold while they run, only so many at once: a concurrency key, which has one place, or a batch that
/// says how many of its jobs run in parallel.
/// </summary>
/// <param name="Key">The key; null for a batch.</param>
/// <param name="Batch">The batch; 0 for a key.</param>
/// <param name="Places">How many may hold it.</param>
internal readonly record struct Slot(string? Key, long Batch, int Places)
{
    internal static Slot Of(string key) => new(key, Batch: 0, Places: 1);

    internal static Slot Of(LiveBatch batch, int places) => new(Key: null, batch.Id, places);
}
