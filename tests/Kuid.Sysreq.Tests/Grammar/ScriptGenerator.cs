using Kuid.Sysreq.Grammar.Tree;
using Kuid.TestKit;

namespace Kuid.Sysreq.Tests.Grammar;

/// <summary>
/// Makes trees of every construct, such as a parser could have made: no two literals side by side, nothing that would read as something
/// else. This file has what joins commands, the others have commands, words and expressions.
/// </summary>
internal sealed partial class ScriptGenerator(Dice dice)
{
    // What may still be nested, and what may still be made at all: trees stay small, however the dice fall.
    private int _depth = 4;
    private int _budget = 150;
    private int _delimiters;

    internal Script Script(bool canBeEmpty = false) => new(List(canBeEmpty ? 0 : 1, 3, Statement));

    private Statement Statement() => new(AndOrList(), dice.OneIn(8));

    private AndOrList AndOrList()
    {
        int tails = Few(0, 2);
        return new AndOrList(
            Pipeline(canEndWithWhere: tails == 0),
            List(tails, tails, left => new AndOrTail(dice.OneIn(2), Pipeline(canEndWithWhere: left == 0))));
    }

    // The expression of a `where` would take the operator behind it.
    private PipelineNode Pipeline(bool canEndWithWhere)
    {
        int stages = Few(1, 3);
        return new PipelineNode(dice.OneIn(12), dice.OneIn(12), List(stages, stages, left => new Stage(
            Command(canBeWhere: left > 0 || canEndWithWhere), left > 0 && dice.OneIn(6))));
    }

    // So many, seldom many, and as few as possible when there is little budget left.
    private int Few(int least, int most)
    {
        int count = least;
        while (count < most && _budget > 0 && dice.OneIn(3))
        {
            count++;
        }

        _budget -= 1 + count;
        return count;
    }

    private NodeList<T> List<T>(int least, int most, Func<T> make)
        where T : SyntaxNode => List(least, most, _ => make());

    private NodeList<T> List<T>(int least, int most, Func<int, T> make)
        where T : SyntaxNode
    {
        int count = Few(least, most);
        return new NodeList<T>([.. Enumerable.Range(1, count).Select(i => make(count - i))]);
    }

    private bool CanNest => _depth > 0 && _budget > 0;

    private T Nested<T>(Func<T> make)
    {
        _depth--;
        T node = make();
        _depth++;
        return node;
    }
}
