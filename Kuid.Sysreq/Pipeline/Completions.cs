namespace Kuid.Sysreq.Pipeline;

/// <summary>What can stand at a prompt's cursor.</summary>
/// <param name="Start">Where what they replace begins, in UTF-16 units; it ends at the cursor.</param>
/// <param name="Texts">What can stand there, as it would be written, in the order of their characters.</param>
public sealed record Completions(int Start, IReadOnlyList<string> Texts);
