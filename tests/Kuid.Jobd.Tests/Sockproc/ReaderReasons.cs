using Kuid.Jobd.Doors.Sockproc;

namespace Kuid.Jobd.Tests.Sockproc;

/// <summary>The refusals that the bytes of a request alone can bring about; the others need a clock, a peer or a job.</summary>
internal static class ReaderReasons
{
    internal static IReadOnlyList<RejectionReason?> All { get; } =
    [
        RejectionReason.CommandUnterminated, RejectionReason.CommandTooLong, RejectionReason.CommandHasNul, RejectionReason.HttpRequest,
        RejectionReason.CountMissing, RejectionReason.CountMalformed, RejectionReason.CountTooLarge,
    ];
}
