using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Rows;

/// <summary>A column of rows, known before they are.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">The kind of its values; a value may be null or an error all the same.</param>
public sealed record Column(string Name, ValueKind Kind);
