using FsCheck.Fluent;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Values;

public sealed class ValueArithmeticSpecs
{
    private const ArithmeticOperator Add = ArithmeticOperator.Add;
    private const ArithmeticOperator Subtract = ArithmeticOperator.Subtract;
    private const ArithmeticOperator Multiply = ArithmeticOperator.Multiply;
    private const ArithmeticOperator Divide = ArithmeticOperator.Divide;
    private const ArithmeticOperator Remainder = ArithmeticOperator.Remainder;

    private static readonly Value One = new Int64Value(1);

    public static TheoryData<ArithmeticOperator, Value, Value, Value> Results => new()
    {
        { Add, new Int64Value(2), new Int64Value(3), new Int64Value(5) },
        { Add, new Int64Value(long.MaxValue), One, new UInt64Value(1UL << 63) },
        { Add, new UInt64Value(ulong.MaxValue), One, new ErrorValue("where", "the result is beyond 64 bits") },
        { Subtract, new UInt64Value(1), new UInt64Value(3), new Int64Value(-2) },
        { Divide, new Int64Value(5), new Int64Value(2), new FloatValue(2.5) },
        { Divide, One, new Int64Value(0), new ErrorValue("where", "division by zero") },
        { Remainder, One, new Int64Value(0), new ErrorValue("where", "division by zero") },
        { Divide, new FloatValue(1), new FloatValue(0), new ErrorValue("where", "division by zero") },
        { Remainder, new Int64Value(-7), new Int64Value(3), new Int64Value(-1) },
        { Multiply, new FloatValue(1.5), new Int64Value(2), new FloatValue(3) },
        { Add, new SizeValue(1), new SizeValue(2), new SizeValue(3) },
        { Add, new SizeValue(1), new Int64Value(2), new SizeValue(3) },
        { Multiply, new SizeValue(3), new FloatValue(1.5), new SizeValue(4) },
        { Divide, new SizeValue(10), new Int64Value(4), new SizeValue(2) },
        { Divide, new SizeValue(10), new SizeValue(4), new FloatValue(2.5) },
        { Multiply, new SizeValue(long.MaxValue), new Int64Value(2), new ErrorValue("where", "the result is beyond 64 bits") },
        { Multiply, new FloatValue(1e300), new SizeValue(1), new ErrorValue("where", "the result is beyond 64 bits") },
        { Divide, new SizeValue(1), new FloatValue(0), new ErrorValue("where", "division by zero") },
        { Subtract, new DurationValue(5), new DurationValue(7), new DurationValue(-2) },
        { Multiply, new Int64Value(3), new DurationValue(5), new DurationValue(15) },
        { Subtract, new DateTimeValue(10, 1), new DateTimeValue(8, 2), new DurationValue(1_999_999_999) },
        { Add, new DateTimeValue(10, 999_999_999), new DurationValue(1), new DateTimeValue(11, 0) },
        { Subtract, new DateTimeValue(0, 0), new DurationValue(1), new DateTimeValue(-1, 999_999_999) },
        { Add, new DurationValue(1), new DateTimeValue(0, 0), new DateTimeValue(0, 1) },
        { Subtract, new DateTimeValue(long.MaxValue, 0), new DateTimeValue(0, 0), new ErrorValue("where", "the result is beyond 64 bits") },
        { Add, new StringValue("a"), One, new ErrorValue("where", "string + int64 has no meaning") },
        { Add, new DateTimeValue(0, 0), new DateTimeValue(0, 0), new ErrorValue("where", "datetime + datetime has no meaning") },
        { Subtract, new Int64Value(1), new DurationValue(1), new ErrorValue("where", "int64 - duration has no meaning") },
        { Add, NullValue.Instance, One, NullValue.Instance },
        { Add, One, new ErrorValue("ls", "x"), new ErrorValue("ls", "x") },
    };

    [Theory]
    [MemberData(nameof(Results))]
    public void Two_values_have_a_result(ArithmeticOperator op, Value left, Value right, Value result) =>
        ValueArithmetic.Apply(op, left, right).Should().Be(result);

    [Fact]
    public void No_two_values_make_it_throw_and_the_kind_that_was_foretold_is_the_kind_that_comes() =>
        AnyValue.Check(AnyValue.OfAnyKind.Two(), pair =>
        {
            foreach (ArithmeticOperator op in Enum.GetValues<ArithmeticOperator>())
            {
                ValueKind? foretold = ValueArithmetic.KindOf(op, pair.Item1.Kind, pair.Item2.Kind);
                ValueKind kind = ValueArithmetic.Apply(op, pair.Item1, pair.Item2).Kind;
                bool isAsForetold = kind is ValueKind.Error or ValueKind.Null || kind == foretold || (kind == ValueKind.UInt64 && foretold == ValueKind.Int64);
                isAsForetold.Should().BeTrue($"{pair.Item1} {op} {pair.Item2} is a {kind} and was to be a {foretold}");
            }
        });

    [Fact]
    public void The_sign_is_turned_of_what_has_one()
    {
        ValueArithmetic.Negate(new Int64Value(long.MinValue)).Should().Be(new UInt64Value(1UL << 63));
        ValueArithmetic.Negate(new SizeValue(long.MinValue)).Should().Be(new ErrorValue("where", "the result is beyond 64 bits"));
        ValueArithmetic.Negate(new DurationValue(5)).Should().Be(new DurationValue(-5));
        ValueArithmetic.Negate(new StringValue("a")).Should().Be(new ErrorValue("where", "-string has no meaning"));
    }
}
