namespace Kuid.Jobd.Core.Storage;

/// <summary>Jobs that were submitted together.</summary>
/// <param name="Id">Its number, from 1; 0 for one that the store is to number.</param>
/// <param name="Name">What its submitter calls it.</param>
/// <param name="Principal">Who submitted it.</param>
/// <param name="CreatedAt">When it was accepted, UTC.</param>
/// <param name="MaxParallel">How many of its jobs may run at once; null for as many as their queues let.</param>
/// <param name="StopOnFailure">Whether the first of its jobs that fails ends the others.</param>
/// <param name="Stopped">Whether that has happened, or it was cancelled.</param>
public sealed record BatchRecord(
    long Id, string? Name, string Principal, DateTime CreatedAt, int? MaxParallel, bool StopOnFailure, bool Stopped = false);
