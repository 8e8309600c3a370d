namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>The kinds of values that rows are made of.</summary>
public enum ValueKind
{
    /// <summary>A column whose rows may have values of several kinds.</summary>
    Any,

    /// <summary>Nothing.</summary>
    Null,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>A signed 64-bit integer.</summary>
    Int64,

    /// <summary>An unsigned 64-bit integer.</summary>
    UInt64,

    /// <summary>A 64-bit float.</summary>
    Float,

    /// <summary>Text.</summary>
    String,

    /// <summary>Bytes that are no text, or need not be.</summary>
    Bytes,

    /// <summary>A number of bytes.</summary>
    Size,

    /// <summary>A length of time.</summary>
    Duration,

    /// <summary>A moment.</summary>
    DateTime,

    /// <summary>The type and the permissions of a file.</summary>
    Mode,

    /// <summary>A number that has a name.</summary>
    Enum,

    /// <summary>What went wrong in the place of a value.</summary>
    Error,

    /// <summary>Values in their order.</summary>
    List,

    /// <summary>Values with names.</summary>
    Record,
}
