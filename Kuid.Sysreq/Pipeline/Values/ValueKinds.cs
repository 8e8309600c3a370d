namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>The words for kinds, and which of them belong together.</summary>
public static class ValueKinds
{
    /// <summary>The kind as one lower-case word: <c>int64</c>, <c>datetime</c>. The daemon's JSON and <c>describe</c> have it.</summary>
    public static string Word(ValueKind kind) => kind switch
    {
        ValueKind.Any => "any",
        ValueKind.Null => "null",
        ValueKind.Bool => "bool",
        ValueKind.Int64 => "int64",
        ValueKind.UInt64 => "uint64",
        ValueKind.Float => "float",
        ValueKind.String => "string",
        ValueKind.Bytes => "bytes",
        ValueKind.Size => "size",
        ValueKind.Duration => "duration",
        ValueKind.DateTime => "datetime",
        ValueKind.Mode => "mode",
        ValueKind.Enum => "enum",
        ValueKind.Error => "error",
        ValueKind.List => "list",
        ValueKind.Record => "record",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "there is no such kind"),
    };

    /// <summary>The word with its article, for sentences: <c>a size</c>, <c>an int64</c>.</summary>
    public static string WithArticle(ValueKind kind) => Word(kind) is ['a' or 'e' or 'i', ..] and var word ? "an " + word : "a " + Word(kind);

    /// <summary>Whether it is a plain number.</summary>
    public static bool IsNumber(ValueKind kind) => kind is ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Float;

    /// <summary>Whether it is a plain number without a fraction.</summary>
    public static bool IsInteger(ValueKind kind) => kind is ValueKind.Int64 or ValueKind.UInt64;

    /// <summary>Whether it is text, or bytes that may be.</summary>
    public static bool IsText(ValueKind kind) => kind is ValueKind.String or ValueKind.Bytes;

    /// <summary>Whether a value of it can be of any kind, as far as is known before there is one.</summary>
    public static bool IsOpen(ValueKind kind) => kind is ValueKind.Any or ValueKind.Null or ValueKind.Error;
}
