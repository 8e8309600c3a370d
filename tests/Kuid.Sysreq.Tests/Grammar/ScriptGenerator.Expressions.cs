using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Tests.Grammar;

/// <content>Conditions and arithmetic.</content>
internal sealed partial class ScriptGenerator
{
    private Expression Condition(int depth = 4)
    {
        if (depth == 0 || _budget <= 0 || dice.OneIn(3))
        {
            return dice.Below(8) switch
            {
                0 => new ConstantExpression(dice.Of<bool?>(true, false, null)),
                1 or 2 => Number(),
                3 or 4 => new TextExpression(Text()),
                _ => new ColumnExpression(dice.Of("size", "name", "_x1", "order", "nothing")),
            };
        }

        _budget--;
        return dice.OneIn(5)
            ? new UnaryExpression(dice.Of(UnaryOperator.Not, UnaryOperator.Negate), Condition(depth - 1))
            : new BinaryExpression((BinaryOperator)dice.Below(15), Condition(depth - 1), Condition(depth - 1));
    }

    private NumberExpression Number() => dice.OneIn(4)
        ? new NumberExpression(dice.Of("0x1f", "0XA", "0644", "0"), "")
        : new NumberExpression(dice.Of("1", "10", "1.5", "0.25", "100"), dice.Of("", "B", "KB", "MiB", "G", "ns", "us", "ms", "s", "m", "h", "d", "w"));

    private Word Text()
    {
        WordPart[] parts = [.. Parts(1, 3, Surrounding.Bare).Where(part => part is not (LiteralPart or EscapedPart))];
        return new Word(parts.Length == 0 ? [new SingleQuotedPart("^a")] : [.. parts]);
    }

    private ArithmeticNode Arithmetic(int depth)
    {
        if (depth == 0 || _budget <= 0 || dice.OneIn(4))
        {
            switch (dice.Below(6))
            {
                case < 3:
                    return new ArithmeticNumber(dice.Of("0", "1", "42", "0x1F", "017"));
                case < 5:
                    return new ArithmeticVariable(dice.Of(Variables), null);
            }

            WordPart part = Parts(1, 1, Surrounding.DoubleQuotes)[0];
            return part is LiteralPart or EscapedPart
                ? new ArithmeticNumber("7")
                : new ArithmeticVariable(part is ParameterPart parameter ? parameter.Name : "", part);
        }

        _budget--;
        return dice.Below(8) switch
        {
            0 => new ArithmeticUnary(dice.Of("-", "+", "!", "~"), Arithmetic(depth - 1)),
            1 => new ArithmeticChoice(Arithmetic(depth - 1), Arithmetic(depth - 1), Arithmetic(depth - 1)),
            2 => new ArithmeticAssignment(
                dice.Of(Variables), dice.Of("=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="), Arithmetic(depth - 1)),
            _ => new ArithmeticBinary(
                dice.Of("||", "&&", "|", "^", "&", "==", "!=", "<", "<=", ">", ">=", "<<", ">>", "+", "-", "*", "/", "%", "**"),
                Arithmetic(depth - 1),
                Arithmetic(depth - 1)),
        };
    }
}
