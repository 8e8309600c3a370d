using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>The texts in a condition of <c>where</c>, expanded before it is bound: a row is compared without asking anybody anything.</summary>
internal static class ConditionTexts
{
    /// <summary>The values of the texts, by their words.</summary>
    public static async ValueTask<IReadOnlyDictionary<Word, Value>> ExpandAsync(Expression condition, WordExpander words)
    {
        var texts = new Dictionary<Word, Value>(ReferenceEqualityComparer.Instance);
        await AddAsync(texts, condition, words);
        return texts;
    }

    private static async ValueTask AddAsync(Dictionary<Word, Value> texts, Expression expression, WordExpander words)
    {
        switch (expression)
        {
            case TextExpression text:
                texts[text.Text] = ShellText.ToValue(await words.DocumentAsync(text.Text));
                break;
            case UnaryExpression unary:
                await AddAsync(texts, unary.Operand, words);
                break;
            case BinaryExpression binary:
                await AddAsync(texts, binary.Left, words);
                await AddAsync(texts, binary.Right, words);
                break;
        }
    }
}
