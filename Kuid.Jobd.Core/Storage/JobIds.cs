namespace Kuid.Jobd.Core.Storage;

/// <summary>
/// The numbers of jobs: ascending, and never given again, after a crash either. They are reserved on disk in blocks, so that giving one
/// out costs no write.
/// </summary>
/// <param name="store">Has what is reserved.</param>
internal sealed class JobIds(IJobStore store)
{
    // So many are left of those that are reserved when a batch reserves more.
    private const int ReservedAtLeast = 500;
    private const int ReservedAtOnce = 1000;

    private long _last = store.ReservedIds;

    /// <summary>The newest that was given out.</summary>
    internal long Last => Interlocked.Read(ref _last);

    /// <summary>Up to which id the next batch is to reserve; null when enough are reserved.</summary>
    internal long? Reservation => Last is var last && last + ReservedAtLeast > store.ReservedIds ? last + ReservedAtOnce : null;

    /// <summary>Gives out some in a row.</summary>
    /// <returns>The first of them.</returns>
    internal long Next(int count) => Interlocked.Add(ref _last, count) - count + 1;
}
