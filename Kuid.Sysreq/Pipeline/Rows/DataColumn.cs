using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>
/// The column that text and other bytes flow in: of a file, a here-document, a remote program, <c>to json</c>. A row is a stretch of
/// them, cut anywhere.
/// </summary>
public static class DataColumn
{
    /// <summary>The column.</summary>
    public static Column Instance { get; } = new("data", ValueKind.Bytes);

    /// <summary>Whether rows are nothing but such bytes.</summary>
    public static bool IsOnlyOne(IReadOnlyList<Column> columns) => columns is [var only] && only == Instance;
}
