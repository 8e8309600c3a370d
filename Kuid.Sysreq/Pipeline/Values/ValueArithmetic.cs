namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>
/// Arithmetic over numbers, sizes, durations and moments. What has no result (beyond 64 bits, divided by zero) is an
/// <see cref="ErrorValue"/>; with null on a side it is null, with an error that error.
/// </summary>
public static class ValueArithmetic
{
    /// <summary>
    /// The kind that comes of two kinds; null when the operator has no meaning for them, <c>Any</c> when it shows only later.
    /// </summary>
    public static ValueKind? KindOf(ArithmeticOperator op, ValueKind left, ValueKind right)
    {
        if (ValueKinds.IsOpen(left) || ValueKinds.IsOpen(right))
            return ValueKind.Any;

        bool areNumbers = ValueKinds.IsNumber(left) && ValueKinds.IsNumber(right);
        bool areIntegers = ValueKinds.IsInteger(left) && ValueKinds.IsInteger(right);
        return op switch
        {
            ArithmeticOperator.Divide when areNumbers => ValueKind.Float,
            _ when areNumbers => areIntegers ? ValueKind.Int64 : ValueKind.Float,
            ArithmeticOperator.Subtract when (left, right) is (ValueKind.DateTime, ValueKind.DateTime) => ValueKind.Duration,
            ArithmeticOperator.Add or ArithmeticOperator.Subtract when (left, right) is (ValueKind.DateTime, ValueKind.Duration) => left,
            ArithmeticOperator.Add when (left, right) is (ValueKind.Duration, ValueKind.DateTime) => right,
            ArithmeticOperator.Divide when left == right && IsQuantity(left) => ValueKind.Float,
            ArithmeticOperator.Multiply when IsQuantity(left) && ValueKinds.IsNumber(right) => left,
            ArithmeticOperator.Multiply when IsQuantity(right) && ValueKinds.IsNumber(left) => right,
            ArithmeticOperator.Divide when IsQuantity(left) && ValueKinds.IsNumber(right) => left,
            ArithmeticOperator.Multiply or ArithmeticOperator.Divide => null,
            _ when left == right && IsQuantity(left) => left,
            _ when left == ValueKind.Size && ValueKinds.IsNumber(right) => left,
            _ when right == ValueKind.Size && ValueKinds.IsNumber(left) => right,
            _ => null,
        };
    }

    /// <summary>The result for two values.</summary>
    public static Value Apply(ArithmeticOperator op, Value left, Value right) => (left, right, KindOf(op, left.Kind, right.Kind)) switch
    {
        (ErrorValue error, _, _) => error,
        (_, ErrorValue error, _) => error,
        (NullValue, _, _) or (_, NullValue, _) => NullValue.Instance,
        (_, _, null) => Error($"{ValueKinds.Word(left.Kind)} {Sign(op)} {ValueKinds.Word(right.Kind)} has no meaning"),
        (DateTimeValue a, DateTimeValue b, _) => Quantity(ValueKind.Duration, Nanoseconds(a) - Nanoseconds(b)),
        (_, _, ValueKind.DateTime) => Moment(Whole(op, Nanoseconds(left), Nanoseconds(right))),
        (_, _, ValueKind.Int64) => Whole(op, Integer(left), Integer(right)) is { } whole ? Number(whole) : DivisionByZero,
        (_, _, ValueKind.Float) => Fractional(op, Amount(left), Amount(right)) is { } result ? new FloatValue(result) : DivisionByZero,
        (_, _, { } kind) when op is ArithmeticOperator.Multiply or ArithmeticOperator.Divide || left is FloatValue || right is FloatValue =>
            Scaled(kind, op, left, right),
        (_, _, { } kind) => Whole(op, Integer(left), Integer(right)) is { } whole ? Quantity(kind, whole) : DivisionByZero,
    };

    /// <summary>The value with its sign turned.</summary>
    public static Value Negate(Value value) => value switch
    {
        Int64Value or UInt64Value => Number(-Integer(value)),
        FloatValue number => new FloatValue(-number.Number),
        SizeValue or DurationValue => Quantity(value.Kind, -Integer(value)),
        ErrorValue or NullValue => value,
        _ => Error($"-{ValueKinds.Word(value.Kind)} has no meaning"),
    };

    /// <summary>An integer as a value: signed when 64 bits with a sign have it, then unsigned, then an error.</summary>
    public static Value Number(Int128 number) =>
        number >= long.MinValue && number <= long.MaxValue ? new Int64Value((long)number)
        : number > 0 && number <= ulong.MaxValue ? new UInt64Value((ulong)number)
        : Beyond;

    /// <summary>The integer that a number, a size (its bytes), a duration (its nanoseconds), a mode or an enum is.</summary>
    internal static Int128 Integer(Value value) => value switch
    {
        Int64Value number => number.Number,
        UInt64Value number => number.Number,
        SizeValue size => size.Bytes,
        DurationValue duration => duration.Nanoseconds,
        ModeValue mode => mode.Bits,
        EnumValue named => named.Number,
        _ => throw new ArgumentException($"{value.Kind} is no integer", nameof(value)),
    };

    /// <summary>A size or a duration as a value; an error beyond 64 bits.</summary>
    internal static Value Quantity(ValueKind kind, Int128 amount) =>
        amount < long.MinValue || amount > long.MaxValue ? Beyond
        : kind == ValueKind.Size ? new SizeValue((long)amount)
        : new DurationValue((long)amount);

    /// <summary>A number, size or duration as a float.</summary>
    internal static double Amount(Value value) => value is FloatValue number ? number.Number : (double)Integer(value);

    private static ErrorValue Beyond => Error("the result is beyond 64 bits");

    private static ErrorValue DivisionByZero => Error("division by zero");

    private static bool IsQuantity(ValueKind kind) => kind is ValueKind.Size or ValueKind.Duration;

    private static ErrorValue Error(string message) => new("where", message);

    private static Int128 Nanoseconds(Value value) =>
        value is DateTimeValue moment ? ((Int128)moment.Seconds * 1_000_000_000) + moment.Nanoseconds : Integer(value);

    private static Value Moment(Int128? nanoseconds)
    {
        Int128 seconds = Int128.DivRem(nanoseconds!.Value, 1_000_000_000).Quotient;
        Int128 rest = nanoseconds.Value - (seconds * 1_000_000_000);
        (seconds, rest) = rest < 0 ? (seconds - 1, rest + 1_000_000_000) : (seconds, rest);
        return seconds < long.MinValue || seconds > long.MaxValue ? Beyond : new DateTimeValue((long)seconds, (int)rest);
    }

    // Two numbers of 64 bits never leave 128 here, so only the result is looked at.
    private static Int128? Whole(ArithmeticOperator op, Int128 left, Int128 right) => op switch
    {
        ArithmeticOperator.Add => left + right,
        ArithmeticOperator.Subtract => left - right,
        ArithmeticOperator.Multiply => left * right,
        _ when right == 0 => null,
        ArithmeticOperator.Divide => left / right,
        _ => left % right,
    };

    private static double? Fractional(ArithmeticOperator op, double left, double right) => op switch
    {
        ArithmeticOperator.Add => left + right,
        ArithmeticOperator.Subtract => left - right,
        ArithmeticOperator.Multiply => left * right,
        _ when right == 0 => null,
        ArithmeticOperator.Divide => left / right,
        _ => left % right,
    };

    private static Value Scaled(ValueKind kind, ArithmeticOperator op, Value left, Value right)
    {
        if (left is not FloatValue && right is not FloatValue)
            return Whole(op, Integer(left), Integer(right)) is { } whole ? Quantity(kind, whole) : DivisionByZero;

        return Fractional(op, Amount(left), Amount(right)) switch
        {
            null => DivisionByZero,
            { } result when Math.Abs(result) < long.MaxValue => Quantity(kind, (Int128)Math.Round(result)),
            _ => Beyond,
        };
    }

    private static string Sign(ArithmeticOperator op) => op switch
    {
        ArithmeticOperator.Add => "+",
        ArithmeticOperator.Subtract => "-",
        ArithmeticOperator.Multiply => "*",
        ArithmeticOperator.Divide => "/",
        _ => "%",
    };
}
