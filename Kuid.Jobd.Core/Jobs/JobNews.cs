using Kuid.Jobd.Core.Output;
using Kuid.Jobd.Core.Storage;

namespace Kuid.Jobd.Core.Jobs;

/// <summary>How much of a job a follower has had: everything that is needed to go on right after it.</summary>
/// <param name="Version">The version of the job that it was told of last; 0 for none.</param>
/// <param name="Output">The bytes that come next.</param>
public readonly record struct JobPosition(long Version, OutputPosition Output);

/// <summary>Something that a follower of one job is told.</summary>
/// <param name="Position">Where the follower is when it has been told.</param>
public abstract record JobNews(JobPosition Position);

/// <summary>The job has changed, or is seen for the first time. What it was in between may be left out: this is how it is.</summary>
/// <param name="Job">The job, which has not ended.</param>
/// <param name="Position">Where the follower is when it has been told.</param>
public sealed record JobChanged(JobRecord Job, JobPosition Position) : JobNews(Position);

/// <summary>The job has written something.</summary>
/// <param name="Chunk">What, where it belongs, and how much before it was dropped.</param>
/// <param name="Position">Where the follower is when it has been told.</param>
public sealed record JobWrote(OutputChunk Chunk, JobPosition Position) : JobNews(Position);

/// <summary>The job is over, and everything that can be read of its output has been told: nothing comes after this.</summary>
/// <param name="Job">The job.</param>
/// <param name="Position">Where the follower is when it has been told.</param>
public sealed record JobEnded(JobRecord Job, JobPosition Position) : JobNews(Position);
