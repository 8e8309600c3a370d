using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>The limits that a reader is made with.</summary>
internal readonly record struct ReadLimits(int Command, long Stdin)
{
    internal static ReadLimits Default { get; } = new(SockprocOptions.MaxCommandBytes, 1L << 40);

    /// <summary>Small enough that a short request reaches them.</summary>
    internal static ReadLimits Small { get; } = new(12, 50);
}

/// <summary>Everything that can be seen of a reading. What follows a refusal is nobody's, so a surplus exists only after a whole header.</summary>
/// <param name="BeforeEnd">The state when all bytes were read.</param>
/// <param name="AtEnd">The state when the reader was told that there are no more.</param>
internal sealed record ReadOutcome(
    ReadState BeforeEnd, ReadState AtEnd, string Command, long StdinBytes, Rejection Rejection, string? Surplus)
{
    internal RejectionReason? Reason => AtEnd == ReadState.Rejected ? Rejection.Reason : null;
}
