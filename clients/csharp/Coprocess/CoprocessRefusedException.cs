namespace Kuid.Client.Coprocess;

/// <summary>The daemon refused a request of the coprocess socket; the session goes on.</summary>
public sealed class CoprocessRefusedException : Exception
{
    /// <summary>Without a reason.</summary>
    public CoprocessRefusedException()
    {
    }

    /// <summary>With the daemon's words.</summary>
    public CoprocessRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>With the daemon's words, and what they came of.</summary>
    public CoprocessRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
