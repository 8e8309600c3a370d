using FsCheck.Fluent;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Tests.Commands;

namespace Kuid.Sysreq.Tests.Values;

public sealed class ValueOrderSpecs
{
    [Fact]
    public void The_order_of_two_is_the_opposite_of_the_order_of_the_same_two_the_other_way_round() =>
        AnyValue.Check(AnyValue.OfAnyKind.Two(), pair =>
            Math.Sign(ValueOrder.CompareValues(pair.Item1, pair.Item2)).Should().Be(-Math.Sign(ValueOrder.CompareValues(pair.Item2, pair.Item1))));

    [Fact]
    public void What_comes_before_one_comes_before_all_that_are_behind_it() =>
        AnyValue.Check(AnyValue.OfAnyKind.Three(), three =>
        {
            Value[] sorted = [three.Item1, three.Item2, three.Item3];
            foreach (Value a in sorted)
            {
                foreach (Value b in sorted)
                {
                    foreach (Value c in sorted)
                    {
                        int ab = ValueOrder.CompareValues(a, b);
                        int bc = ValueOrder.CompareValues(b, c);
                        if (ab <= 0 && bc <= 0)
                            Math.Sign(ValueOrder.CompareValues(a, c)).Should().Be(Math.Min(Math.Sign(ab), Math.Sign(bc)), $"{a} {b} {c}");
                    }
                }
            }
        });

    [Fact]
    public void What_is_equal_has_no_order() =>
        AnyValue.Check(AnyValue.OfAnyKind, value => ValueOrder.CompareValues(value, value with { }).Should().Be(0));

    [Fact]
    public void Values_of_all_kinds_have_their_places()
    {
        object?[] inOrder =
        [
            null, false, true, double.NaN, double.NegativeInfinity, long.MinValue, -1, -0.5, 0, 0.5, new SizeValue(1), 2, 9007199254740992.0, 9007199254740993L,
            long.MaxValue, ulong.MaxValue, 1e20, double.PositiveInfinity, new DurationValue(-1), new DurationValue(5), new DateTimeValue(0, 5), new DateTimeValue(1, 0),
            new ModeValue(1), new EnumValue("z", 1), new EnumValue("a", 2), "", "A", "a", "a\0", "\uffee", "\U0001F600", new byte[] { 0xFF },
            new ListValue([]), new ListValue([new Int64Value(1)]), new RecordValue([]), new ErrorValue("ls", "x"),
        ];

        Value[] values = Array.ConvertAll(inOrder, Stages.ValueOf);

        for (int first = 0; first < values.Length; first++)
        {
            for (int second = 0; second < values.Length; second++)
                Math.Sign(ValueOrder.CompareValues(values[first], values[second])).Should().Be(first.CompareTo(second), $"{values[first]} beside {values[second]}");
        }
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(1, 1ul)]
    [InlineData("é", new byte[] { 0xC3, 0xA9 })]
    public void Equal_numbers_and_texts_of_different_kinds_have_no_order(object first, object second) =>
        ValueOrder.CompareValues(Stages.ValueOf(first), Stages.ValueOf(second)).Should().Be(0);
}
