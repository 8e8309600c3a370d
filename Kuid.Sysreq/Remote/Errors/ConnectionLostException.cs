namespace Kuid.Sysreq.Remote;

/// <summary>
/// The connection ended. Requests that were sent and not answered may or may not have been executed; nothing was sent again. What
/// the server had open, its memory and its current folder are gone with it.
/// </summary>
public class ConnectionLostException : IOException
{
    /// <summary>Describes a lost connection.</summary>
    /// <param name="reason">What ended it.</param>
    /// <param name="completed">How many requests had been answered.</param>
    /// <param name="pending">How many were sent and had no answer.</param>
    /// <param name="inner">The error of the transport, where there was one.</param>
    public ConnectionLostException(string reason, long completed, int pending, Exception? inner = null)
        : base($"the connection is lost: {reason} ({completed} requests completed, {pending} unanswered, none is sent again)", inner)
    {
        Completed = completed;
        Pending = pending;
    }

    /// <summary>How many requests had been answered before.</summary>
    public long Completed { get; }

    /// <summary>How many were sent and had no answer: whether they were executed is not known.</summary>
    public int Pending { get; }
}

/// <summary>The server answered what no kernel answers. The connection is closed, because nothing after that can be believed.</summary>
public sealed class AbsurdReplyException : IOException
{
    /// <summary>Says what was absurd.</summary>
    public AbsurdReplyException(string message)
        : base(message)
    {
    }
}
