using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// Remembers what the readers expected last, so that a prompt knows what can stand at the end of a source that is cut off at the
/// cursor. What was expected of the token that touches the end is what counts: nothing that comes after it changes it.
/// </summary>
internal sealed class CompletionTracker
{
    private Expectation _expected = new(CompletionKind.Command, [], 0, [], 0);
    private Expectation? _atEnd;
    private int _start;
    private int _startAtEnd;

    /// <summary>What the next token is expected to be.</summary>
    /// <param name="words">The words of its command so far; those that are in the list now count, whatever comes later.</param>
    /// <param name="stages">The stages before its command, in the same way; null when they are the same as before.</param>
    internal void Expect(CompletionKind kind, List<Word>? words = null, List<Stage>? stages = null) => _expected = new Expectation(
        kind, words ?? [], words?.Count ?? 0, stages ?? _expected.Stages, stages?.Count ?? _expected.StageCount);

    /// <summary>Whether the end of the source has been touched.</summary>
    internal bool IsAtEnd => _atEnd is not null;

    /// <summary>Another text is read within a token; <see cref="Return"/> comes back.</summary>
    internal (Expectation Expected, int Start) Mark() => (_expected, _start);

    internal void Return((Expectation Expected, int Start) mark) => (_expected, _start) = mark;

    /// <summary>A token begins.</summary>
    internal void Begin(SourcePosition position) => _start = position.Offset;

    /// <summary>The token that began last, or a name within it, touches the end of the source.</summary>
    internal void Touch(CompletionKind? kind = null, int? start = null)
    {
        if (_atEnd is null)
        {
            _atEnd = kind is { } other ? _expected with { Kind = other, Words = [], WordCount = 0 } : _expected;
            _startAtEnd = start ?? _start;
        }
    }

    internal CompletionContext Context(string source)
    {
        Touch();
        Expectation expected = _atEnd!;
        int start = Math.Min(_startAtEnd, source.Length);
        return new CompletionContext(
            expected.Kind,
            source[start..],
            start,
            expected.Words.GetRange(0, expected.WordCount),
            expected.Stages.GetRange(0, expected.StageCount));
    }

    internal sealed record Expectation(CompletionKind Kind, List<Word> Words, int WordCount, List<Stage> Stages, int StageCount);
}
