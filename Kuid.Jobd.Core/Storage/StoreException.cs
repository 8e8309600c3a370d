namespace Kuid.Jobd.Core.Storage;

/// <summary>Why the history cannot take or give something now.</summary>
public enum StoreFault
{
    /// <summary>No space is left where it lies.</summary>
    Full,

    /// <summary>Somebody else holds its lock.</summary>
    Locked,

    /// <summary>It can be read and not written.</summary>
    ReadOnly,

    /// <summary>Its file is damaged, or is none of this program's.</summary>
    Damaged,

    /// <summary>Reading or writing it failed.</summary>
    Failed,
}

/// <summary>The history could not do what was asked; nothing of it was done.</summary>
/// <param name="fault">Why.</param>
/// <param name="message">The same as a sentence without paths, for people at the other end of a door.</param>
public sealed class StoreException(StoreFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Why.</summary>
    public StoreFault Fault { get; } = fault;
}
