using Kuid.Sysreq.Grammar.Parsing;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Printing;

/// <content>
/// Expressions and arithmetic, with no more parentheses than the ranks of the operators ask for: an operand that binds more weakly than
/// its place wants is put into them.
/// </content>
internal sealed partial class Printer
{
    private const int NotRank = 3;
    private const int ComparisonRank = 4;
    private const int SignRank = 7;

    // Below the operators between two operands there are the assignment, 0, and the choice, 1, so theirs are one higher here.
    private const int ArithmeticPowerRank = ArithmeticParser.PowerRank + 1;
    private const int ArithmeticSignRank = ArithmeticPowerRank + 1;

    private void Condition(Expression expression, int weakest)
    {
        switch (expression)
        {
            case BinaryExpression binary:
                (string sign, int rank) = Sign(binary.Operator);
                Parenthesised(rank < weakest, () =>
                {
                    // A comparison is no operand of another.
                    Condition(binary.Left, rank == ComparisonRank ? rank + 1 : rank);
                    _text.Append(' ').Append(sign).Append(' ');
                    Condition(binary.Right, rank + 1);
                });
                break;
            case UnaryExpression { Operator: UnaryOperator.Not } unary:
                Parenthesised(NotRank < weakest, () =>
                {
                    _text.Append("not ");
                    Condition(unary.Operand, NotRank);
                });
                break;
            case UnaryExpression unary:
                _text.Append('-');
                Condition(unary.Operand, SignRank);
                break;
            case ColumnExpression column:
                _text.Append(column.Name);
                break;
            case NumberExpression number:
                _text.Append(number.Number).Append(number.Unit);
                break;
            case ConstantExpression constant:
                _text.Append(constant.Value switch { true => "true", false => "false", null => "null" });
                break;
            case TextExpression text:
                Word(text.Text);
                break;
        }
    }

    private static (string Sign, int Rank) Sign(BinaryOperator binary) => binary switch
    {
        BinaryOperator.Or => ("or", 1),
        BinaryOperator.And => ("and", 2),
        BinaryOperator.Equal => ("==", ComparisonRank),
        BinaryOperator.NotEqual => ("!=", ComparisonRank),
        BinaryOperator.Less => ("<", ComparisonRank),
        BinaryOperator.LessOrEqual => ("<=", ComparisonRank),
        BinaryOperator.Greater => (">", ComparisonRank),
        BinaryOperator.GreaterOrEqual => (">=", ComparisonRank),
        BinaryOperator.Matches => ("=~", ComparisonRank),
        BinaryOperator.NotMatches => ("!~", ComparisonRank),
        BinaryOperator.Add => ("+", 5),
        BinaryOperator.Subtract => ("-", 5),
        BinaryOperator.Multiply => ("*", 6),
        BinaryOperator.Divide => ("/", 6),
        _ => ("%", 6),
    };

    private void Arithmetic(ArithmeticNode node, int weakest)
    {
        switch (node)
        {
            case ArithmeticAssignment assignment:
                Parenthesised(weakest > 0, () =>
                {
                    _text.Append(assignment.Name).Append(' ').Append(assignment.Operator).Append(' ');
                    Arithmetic(assignment.Value, 0);
                });
                break;
            case ArithmeticChoice choice:
                Parenthesised(weakest > 1, () =>
                {
                    Arithmetic(choice.Condition, 2);
                    _text.Append(" ? ");
                    Arithmetic(choice.Then, 0);
                    _text.Append(" : ");
                    Arithmetic(choice.Else, 1);
                });
                break;
            case ArithmeticBinary binary:
                int rank = Array.Find(ArithmeticParser.Binary, known => known.Sign == binary.Operator).Rank + 1;
                bool isPower = rank == ArithmeticPowerRank;
                Parenthesised(rank < weakest, () =>
                {
                    Arithmetic(binary.Left, isPower ? rank + 1 : rank);
                    _text.Append(' ').Append(binary.Operator).Append(' ');
                    Arithmetic(binary.Right, isPower ? rank : rank + 1);
                });
                break;
            case ArithmeticUnary unary:
                // A blank between two signs: `--` would be another operator.
                _text.Append(unary.Operator).Append(unary.Operand is ArithmeticUnary ? " " : "");
                Arithmetic(unary.Operand, ArithmeticSignRank);
                break;
            case ArithmeticNumber number:
                _text.Append(number.Text);
                break;
            case ArithmeticVariable { Parameter: { } parameter }:
                Part(parameter);
                break;
            case ArithmeticVariable variable:
                _text.Append(variable.Name);
                break;
        }
    }

    private void Parenthesised(bool isNeeded, Action print)
    {
        _text.Append(isNeeded ? "(" : "");
        print();
        _text.Append(isNeeded ? ")" : "");
    }
}
