namespace Kuid.Sysreq.Pipeline.Completion;

/// <summary>What can stand at a place in a script.</summary>
/// <param name="Start">Where in the source the beginning that it replaces begins, in UTF-16 units; it ends at the cursor.</param>
/// <param name="Items">What can stand there, by name.</param>
public sealed record ScriptCompletion(int Start, IReadOnlyList<CompletionItem> Items);

/// <summary>One of the possibilities.</summary>
/// <param name="Text">What is inserted, quoted as the script needs it there.</param>
/// <param name="Name">What is shown.</param>
/// <param name="IsWhole">Whether the word ends with it: a directory's name goes on.</param>
public sealed record CompletionItem(string Text, string Name, bool IsWhole);
