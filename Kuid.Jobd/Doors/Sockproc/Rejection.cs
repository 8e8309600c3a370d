using System.Globalization;

namespace Kuid.Jobd.Doors.Sockproc;

/// <summary>Every way in which a request is answered with an error reply instead of a command's status.</summary>
public enum RejectionReason
{
    /// <summary>The input ended within the command.</summary>
    CommandUnterminated,

    /// <summary>The command is longer than allowed.</summary>
    CommandTooLong,

    /// <summary>The command contains a NUL, which no argument can.</summary>
    CommandHasNul,

    /// <summary>A web page's or tool's HTTP request.</summary>
    HttpRequest,

    /// <summary>The input ended before the count was complete.</summary>
    CountMissing,

    /// <summary>The count is not a number.</summary>
    CountMalformed,

    /// <summary>The count is above the limit.</summary>
    CountTooLarge,

    /// <summary>A line did not come in time.</summary>
    HeaderTimeout,

    /// <summary>Standard input ended before its count, or paused for too long.</summary>
    StdinCut,

    /// <summary>There are as many connections as there may be.</summary>
    TooManyConnections,

    /// <summary>The peer is not one that the socket is for.</summary>
    PeerNotAllowed,

    /// <summary>The daemon stops.</summary>
    Stopping,

    /// <summary>The command's process could not be started.</summary>
    NotStarted,

    /// <summary>The output is larger than allowed, or there is no room for it.</summary>
    OutputLimit,

    /// <summary>The job was cancelled before it started.</summary>
    Canceled,

    /// <summary>As many jobs wait and run as there may be.</summary>
    BacklogFull,
}

/// <summary>A refusal: the reason, and the one thing about it that only the place knows.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Detail">A limit, a quotation, an error number's name.</param>
public readonly record struct Rejection(RejectionReason Reason, string Detail = "")
{
    /// <summary>The sentence that the client reads: what was wrong and what is allowed.</summary>
    public string Text => Reason switch
    {
        RejectionReason.CommandUnterminated => "the connection ended before the command's CRLF; nothing was run",
        RejectionReason.CommandTooLong => $"the command is longer than {Detail} bytes; nothing was run",
        RejectionReason.CommandHasNul => "the command contains a NUL byte; nothing was run",
        RejectionReason.HttpRequest => "this looks like an HTTP request and this port speaks sockproc; nothing was run",
        RejectionReason.CountMissing => "the connection ended before the stdin byte count's CRLF; nothing was run",
        RejectionReason.CountMalformed => $"the stdin byte count \"{Detail}\" is not a decimal number; nothing was run",
        RejectionReason.CountTooLarge => $"the stdin byte count is above {Detail}; nothing was run",
        RejectionReason.HeaderTimeout => $"no complete line came within {Detail} seconds; nothing was run",
        RejectionReason.StdinCut => "the connection ended or paused before all of stdin had arrived; the command was ended",
        RejectionReason.TooManyConnections => "there are too many connections, try again later; nothing was run",
        RejectionReason.PeerNotAllowed => $"{Detail} may not use this socket; nothing was run",
        RejectionReason.Stopping => "the daemon is stopping; nothing was run",
        RejectionReason.NotStarted => $"the command could not be started: {Detail}",
        RejectionReason.OutputLimit => $"the output cannot be kept: {Detail}; the command was ended",
        RejectionReason.BacklogFull => $"{Detail}, try again later; nothing was run",
        RejectionReason.Canceled => "the job was cancelled before it started",
        _ => throw new InvalidOperationException(Reason.ToString()),
    };

    /// <summary>A number as a detail.</summary>
    internal static Rejection Of(RejectionReason reason, long limit) => new(reason, limit.ToString(CultureInfo.InvariantCulture));
}
