using System.Text.RegularExpressions;
using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Where;

/// <summary>
/// Binds a condition to the columns of rows: finds the columns, reads the literals, and refuses what can never have a meaning
/// (<c>size &gt; "x"</c>) before anything runs. What depends on the rows, because a column's values are of any kind, shows with them.
/// </summary>
/// <param name="input">The rows.</param>
/// <param name="expand">The value of a word: quoted text, or one with substitutions.</param>
/// <param name="now">What <c>now</c> is, where no column has that name.</param>
internal sealed class ConditionBinder(RowSource input, Func<Word, Value> expand, DateTimeValue now)
{
    /// <summary>Binds a condition, which is true, false, null or an error for a row.</summary>
    /// <exception cref="CommandException">It has no meaning for these rows.</exception>
    public Func<Value[], Value> Bind(Expression condition)
    {
        Operand bound = Operand(condition);
        return Truth(bound, "the condition").Evaluate;
    }

    private Operand Operand(Expression expression) => expression switch
    {
        ColumnExpression column => Column(column),
        NumberExpression number => Constant(NumberLiteral.Read(number), number.Number + number.Unit, number.Span),
        ConstantExpression constant => Constant(constant),
        TextExpression text => Text(text),
        UnaryExpression { Operator: UnaryOperator.Not } not => Not(not),
        UnaryExpression negation => Negation(negation),
        BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } logic => Logic(logic),
        BinaryExpression { Operator: BinaryOperator.Matches or BinaryOperator.NotMatches } match => Match(match),
        BinaryExpression { Operator: >= BinaryOperator.Add } arithmetic => Arithmetic(arithmetic),
        BinaryExpression comparison => ComparisonBinder.Bind(comparison, Operand(comparison.Left), Operand(comparison.Right)),
        _ => throw new NotSupportedException($"{expression.GetType().Name} is no part of a condition"),
    };

    private Operand Column(ColumnExpression expression)
    {
        if (expression.Name == "now" && input.Columns.Concat(input.OnDemand).All(column => column.Name != "now"))
            return Constant(now, "now", expression.Span);

        (int index, Column column) = InputColumns.Find(input, expression.Name, expression.Span);
        return new Operand(column.Kind, expression.Name, expression.Span, row => row[index]);
    }

    private Operand Text(TextExpression expression)
    {
        Value value = expand(expression.Text);
        return new Operand(value.Kind, $"\"{VisibleText.Of(ValueText.Of(value))}\"", expression.Span, _ => value, new TextLiteral(value));
    }

    private static Operand Constant(ConstantExpression expression)
    {
        Value value = expression.Value is { } truth ? new BoolValue(truth) : NullValue.Instance;
        return Constant(value, value is NullValue ? "null" : ValueText.Of(value), expression.Span);
    }

    private static Operand Constant(Value value, string description, SourceSpan span) => new(value.Kind, description, span, _ => value);

    private Operand Not(UnaryExpression not)
    {
        Operand operand = Truth(Operand(not.Operand), "what not stands before");
        return new Operand(ValueKind.Bool, $"not {operand.Description}", not.Span, row => operand.Evaluate(row) switch
        {
            ErrorValue error => error,
            var truth => new BoolValue(!IsTrue(truth)),
        });
    }

    private Operand Negation(UnaryExpression negation)
    {
        Operand operand = AsNumber(Operand(negation.Operand));
        if (!ValueKinds.IsOpen(operand.Kind) && !ValueKinds.IsNumber(operand.Kind) && operand.Kind is not (ValueKind.Size or ValueKind.Duration))
            throw new CommandException($"- has no meaning here: {operand.Is}", negation.Span, status: 2);

        return new Operand(operand.Kind, $"-{operand.Description}", negation.Span, row => ValueArithmetic.Negate(operand.Evaluate(row)));
    }

    // As in SQL, an error beside false does not matter to "and", nor one beside true to "or".
    private Operand Logic(BinaryExpression logic)
    {
        bool isAnd = logic.Operator == BinaryOperator.And;
        string word = isAnd ? "and" : "or";
        Operand left = Truth(Operand(logic.Left), $"the left side of {word}");
        Operand right = Truth(Operand(logic.Right), $"the right side of {word}");
        return new Operand(ValueKind.Bool, $"{left.Description} {word} {right.Description}", logic.Span, row =>
        {
            Value first = left.Evaluate(row);
            if (first is not ErrorValue && IsTrue(first) != isAnd)
                return new BoolValue(!isAnd);

            Value second = right.Evaluate(row);
            return second is not ErrorValue && IsTrue(second) != isAnd ? new BoolValue(!isAnd)
                : first as ErrorValue ?? second as ErrorValue ?? (Value)new BoolValue(isAnd);
        });
    }

    private Operand Match(BinaryExpression match)
    {
        Operand left = Operand(match.Left);
        Operand right = Operand(match.Right);
        bool wanted = match.Operator == BinaryOperator.Matches;
        if (right.Text is not { } text)
        {
            string sign = wanted ? "=~" : "!~";
            throw new CommandException($"the right side of {sign} is a pattern in quotes, and {right.Description} is none", right.Span, status: 2);
        }

        Regex pattern = Patterns.Compile(ValueText.Of(text.Value), ignoresCase: false, right.Span);
        return new Operand(ValueKind.Bool, $"{left.Description} =~ {right.Description}", match.Span, row => left.Evaluate(row) switch
        {
            ErrorValue error => error,
            NullValue => new BoolValue(!wanted),
            var value => new BoolValue(Patterns.Matches(pattern, value) == wanted),
        });
    }

    private Operand Arithmetic(BinaryExpression expression)
    {
        (ArithmeticOperator op, string sign) = expression.Operator switch
        {
            BinaryOperator.Add => (ArithmeticOperator.Add, "+"),
            BinaryOperator.Subtract => (ArithmeticOperator.Subtract, "-"),
            BinaryOperator.Multiply => (ArithmeticOperator.Multiply, "*"),
            BinaryOperator.Divide => (ArithmeticOperator.Divide, "/"),
            _ => (ArithmeticOperator.Remainder, "%"),
        };
        Operand left = Operand(expression.Left);
        Operand right = Operand(expression.Right);
        (left, right) = (Beside(left, right, op), Beside(right, left, op));
        ValueKind kind = ValueArithmetic.KindOf(op, left.Kind, right.Kind)
            ?? throw new CommandException($"{sign} has no meaning here: {left.Is} and {right.Is}", expression.Span, status: 2);
        return new Operand(kind, $"{left.Description} {sign} {right.Description}", expression.Span, row =>
            ValueArithmetic.Apply(op, left.Evaluate(row), right.Evaluate(row)));
    }

    // A text in arithmetic is what makes sense beside the other side: a number, a size, a duration, and beside a moment that or a duration.
    private static Operand Beside(Operand operand, Operand other, ArithmeticOperator op)
    {
        if (operand.Text is not { } text)
            return operand;

        ValueKind[] kinds = other.Kind switch
        {
            ValueKind.DateTime when op == ArithmeticOperator.Subtract => [ValueKind.DateTime, ValueKind.Duration],
            ValueKind.DateTime => [ValueKind.Duration],
            ValueKind.Size or ValueKind.Duration when op is ArithmeticOperator.Multiply => [ValueKind.Int64],
            ValueKind.Size or ValueKind.Duration => [other.Kind],
            _ => [ValueKind.Int64],
        };
        Value? value = kinds.Select(text.As).FirstOrDefault(read => read is not null);
        return value is not null ? operand.WithConstant(value) : throw new CommandException(
            $"{operand.Description} is no {ValueKinds.Word(kinds[0])}, as it must be beside {other.Description}", operand.Span, status: 2);
    }

    private static Operand AsNumber(Operand operand) =>
        operand.Text?.As(ValueKind.Int64) is { } number ? operand.WithConstant(number) : operand;

    private static Operand Truth(Operand operand, string what)
    {
        if (operand.Kind != ValueKind.Bool && (!ValueKinds.IsOpen(operand.Kind) || operand.Text is not null))
        {
            throw new CommandException(
                $"{what} must be true or false, and {operand.Is}; write a comparison, such as {operand.Description} == {Example(operand.Kind)}",
                operand.Span,
                status: 2);
        }

        return operand.Kind == ValueKind.Bool ? operand : operand with
        {
            Evaluate = row => operand.Evaluate(row) switch
            {
                var value and (BoolValue or NullValue or ErrorValue) => value,
                var value => new ErrorValue("where", $"{operand.Description} must be true or false, and is {ValueKinds.WithArticle(value.Kind)}"),
            },
        };
    }

    private static string Example(ValueKind kind) => TextLiteral.FormOf(kind) is { } form ? form.Split(',', ' ')[0] : "'text'";

    private static bool IsTrue(Value value) => value is BoolValue { IsTrue: true };
}
