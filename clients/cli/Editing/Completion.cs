namespace Kuid.Cli.Editing;

/// <summary>What can stand in the place of a stretch of the text.</summary>
/// <param name="Start">Where the stretch begins.</param>
/// <param name="End">Where it has ended.</param>
/// <param name="Candidates">What can stand there, in the order in which they are listed.</param>
internal sealed record Completion(int Start, int End, IReadOnlyList<CompletionCandidate> Candidates);

/// <summary>One of the possibilities.</summary>
/// <param name="Text">What is inserted, quoted as the language needs it.</param>
/// <param name="Shown">What is listed.</param>
/// <param name="IsWhole">Whether a blank follows when it is the only one; not after a folder.</param>
internal readonly record struct CompletionCandidate(string Text, string Shown, bool IsWhole);
