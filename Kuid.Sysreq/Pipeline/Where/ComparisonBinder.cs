using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Where;

/// <summary>
/// Binds <c>== != &lt; &lt;= &gt; &gt;=</c>. Values of kinds that have nothing to do with each other are never equal and have no order;
/// where that is known before there are rows, the comparison is a mistake and refused.
/// </summary>
internal static class ComparisonBinder
{
    /// <summary>Binds a comparison of two sides.</summary>
    public static Operand Bind(BinaryExpression expression, Operand left, Operand right)
    {
        (left, right) = (ReadBeside(left, right), ReadBeside(right, left));
        if (left.Text is null && right.Text is null && !MayMeet(left.Kind, right.Kind))
        {
            throw new CommandException(
                $"{left.Description} and {right.Description} cannot be compared: {left.Is} and {right.Is}{Hint(left, right)}",
                expression.Span,
                status: 2);
        }

        bool isEquality = expression.Operator is BinaryOperator.Equal or BinaryOperator.NotEqual;
        if (!isEquality && (left.Kind == ValueKind.Null || right.Kind == ValueKind.Null))
            throw new CommandException("nothing is less or greater than null; compare with == or !=", expression.Span, status: 2);

        BinaryOperator op = expression.Operator;
        return new Operand(ValueKind.Bool, $"{left.Description} {Sign(op)} {right.Description}", expression.Span, row =>
            Compare(op, Value(left, right, row), Value(right, left, row)));
    }

    // A text beside a known kind is read once, here; beside what may be of any kind, with each row.
    private static Operand ReadBeside(Operand operand, Operand other)
    {
        if (operand.Text is not { } text || other.Text is not null || ValueKinds.IsOpen(other.Kind) || other.Kind == ValueKind.Enum)
            return operand;

        if (text.As(other.Kind) is { } read)
            return operand.WithConstant(read) with { Text = ValueKinds.IsText(read.Kind) ? text : null };

        string form = TextLiteral.FormOf(other.Kind) is { } written ? $"; one is written {written}" : "";
        throw new CommandException($"{other.Is}, and {operand.Description} is none{form}", operand.Span, status: 2);
    }

    private static Value Value(Operand operand, Operand other, Value[] row)
    {
        Value value = operand.Evaluate(row);
        return operand.Text is { } text && other.Text is null ? text.As(other.Evaluate(row).Kind) ?? value : value;
    }

    private static BoolValue Truth(bool isTrue) => new(isTrue);

    private static Value Compare(BinaryOperator op, Value left, Value right)
    {
        if (left is ErrorValue || right is ErrorValue)
            return left as ErrorValue ?? right;

        bool areEqual = (left, right) switch
        {
            (EnumValue named, StringValue or BytesValue) => named.Name == ValueText.Of(right),
            (StringValue or BytesValue, EnumValue named) => named.Name == ValueText.Of(left),
            (ModeValue mode, _) when ValueKinds.IsInteger(right.Kind) => Bits(mode, right) == ValueArithmetic.Integer(right),
            (_, ModeValue mode) when ValueKinds.IsInteger(left.Kind) => Bits(mode, left) == ValueArithmetic.Integer(left),
            (ModeValue a, ModeValue b) when a.Bits <= ModeText.Permissions || b.Bits <= ModeText.Permissions =>
                (a.Bits & ModeText.Permissions) == (b.Bits & ModeText.Permissions),
            (EnumValue named, _) when ValueKinds.IsInteger(right.Kind) => named.Number == ValueArithmetic.Integer(right),
            (_, EnumValue named) when ValueKinds.IsInteger(left.Kind) => named.Number == ValueArithmetic.Integer(left),
            _ => MayMeet(left.Kind, right.Kind) && ValueOrder.CompareValues(left, right) == 0,
        };
        if (op is BinaryOperator.Equal or BinaryOperator.NotEqual)
            return Truth(areEqual == (op == BinaryOperator.Equal));

        if (left is NullValue || right is NullValue || !MayMeet(left.Kind, right.Kind) || IsNoNumber(left) || IsNoNumber(right))
            return Truth(false);

        int order = areEqual ? 0 : Order(left, right);
        return Truth(op switch
        {
            BinaryOperator.Less => order < 0,
            BinaryOperator.LessOrEqual => order <= 0,
            BinaryOperator.Greater => order > 0,
            _ => order >= 0,
        });
    }

    private static int Order(Value left, Value right) => (left, right) switch
    {
        (EnumValue named, StringValue or BytesValue) => string.CompareOrdinal(named.Name, ValueText.Of(right)),
        (StringValue or BytesValue, EnumValue named) => string.CompareOrdinal(ValueText.Of(left), named.Name),
        (ModeValue or EnumValue, Int64Value or UInt64Value) or (Int64Value or UInt64Value, ModeValue or EnumValue) =>
            ValueArithmetic.Integer(left).CompareTo(ValueArithmetic.Integer(right)),
        _ => ValueOrder.CompareValues(left, right),
    };

    // mode == 0644 asks for the permissions; with a type in the number, for all of it.
    private static uint Bits(ModeValue mode, Value number) =>
        ValueArithmetic.Integer(number) <= ModeText.Permissions ? mode.Bits & ModeText.Permissions : mode.Bits;

    private static bool IsNoNumber(Value value) => value is FloatValue { Number: double.NaN };

    private static bool MayMeet(ValueKind left, ValueKind right) =>
        left == right || ValueKinds.IsOpen(left) || ValueKinds.IsOpen(right) || Family(left) == Family(right)
        || HasForm(left, right) || HasForm(right, left);

    // A mode is a number too, and an enum a number and a name.
    private static bool HasForm(ValueKind kind, ValueKind form) =>
        (kind is ValueKind.Mode or ValueKind.Enum && ValueKinds.IsInteger(form)) || (kind == ValueKind.Enum && ValueKinds.IsText(form));

    private static ValueKind Family(ValueKind kind) => kind switch
    {
        ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Float or ValueKind.Size => ValueKind.Int64,
        ValueKind.Bytes => ValueKind.String,
        _ => kind,
    };

    private static string Hint(Operand left, Operand right) => (left.Kind, right.Kind) switch
    {
        (ValueKind.Duration, _) when ValueKinds.IsNumber(right.Kind) => $"; with a unit, {right.Description}s, it is a duration",
        (_, ValueKind.Duration) when ValueKinds.IsNumber(left.Kind) => $"; with a unit, {left.Description}s, it is a duration",
        (ValueKind.DateTime, _) or (_, ValueKind.DateTime) => $"; a moment is written '{DateTimeText.Form.Split(',')[0]}'",
        _ => "",
    };

    private static string Sign(BinaryOperator op) => op switch
    {
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        _ => ">=",
    };
}
