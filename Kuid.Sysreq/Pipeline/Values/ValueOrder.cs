using System.Text;

namespace Kuid.Sysreq.Pipeline.Values;

/// <summary>
/// A total order over all values: null, false, true, numbers and sizes, durations, moments, modes, enums, text, lists, records, errors.
/// </summary>
/// <remarks>
/// Numbers are compared as the numbers they are, whatever their kinds (a size is its bytes; NaN comes first); text and bytes by their
/// UTF-8. So values of different kinds can be equal here (<c>1</c> and <c>1.0</c>), and a sort leaves these as they came.
/// </remarks>
public sealed class ValueOrder : IComparer<Value>
{
    private const int NumberRank = 2;

    /// <summary>The order.</summary>
    public static ValueOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(Value? x, Value? y) => CompareValues(x ?? NullValue.Instance, y ?? NullValue.Instance);

    /// <summary>Below zero when the first comes first, zero when neither does.</summary>
    public static int CompareValues(Value first, Value second) =>
        first.Kind == second.Kind ? CompareSameKind(first, second) : CompareKinds(first, second);

    // Nearly all that is compared is of one kind, and a sort compares twenty million times for a million rows.
    private static int CompareSameKind(Value first, Value second) => first.Kind switch
    {
        ValueKind.String => CompareText(((StringValue)first).Text, ((StringValue)second).Text),
        ValueKind.Int64 => ((Int64Value)first).Number.CompareTo(((Int64Value)second).Number),
        ValueKind.UInt64 => ((UInt64Value)first).Number.CompareTo(((UInt64Value)second).Number),
        ValueKind.Size => ((SizeValue)first).Bytes.CompareTo(((SizeValue)second).Bytes),
        ValueKind.Float => ((FloatValue)first).Number.CompareTo(((FloatValue)second).Number),
        ValueKind.Duration => ((DurationValue)first).Nanoseconds.CompareTo(((DurationValue)second).Nanoseconds),
        _ => (first, second) switch
        {
            (BoolValue a, BoolValue b) => a.IsTrue.CompareTo(b.IsTrue),
            (BytesValue a, BytesValue b) => a.Bytes.Span.SequenceCompareTo(b.Bytes.Span),
            (DateTimeValue a, DateTimeValue b) => (a.Seconds, a.Nanoseconds).CompareTo((b.Seconds, b.Nanoseconds)),
            (ModeValue a, ModeValue b) => a.Bits.CompareTo(b.Bits),
            (EnumValue a, EnumValue b) => a.Number != b.Number ? a.Number.CompareTo(b.Number) : CompareText(a.Name, b.Name),
            (ListValue a, ListValue b) => CompareAll(a.Items, b.Items, CompareValues),
            (RecordValue a, RecordValue b) => CompareAll(a.Members, b.Members, CompareMembers),
            (ErrorValue a, ErrorValue b) => CompareText(ValueText.Of(a), ValueText.Of(b)),
            _ => 0,
        },
    };

    private static int CompareKinds(Value first, Value second)
    {
        int rank = Rank(first);
        int byRank = rank.CompareTo(Rank(second));
        return byRank != 0 ? byRank
            : rank == NumberRank ? CompareNumbers(first, second)
            : ValueText.BytesOf(first).Span.SequenceCompareTo(ValueText.BytesOf(second).Span);
    }

    private static int Rank(Value value) => value.Kind switch
    {
        ValueKind.Null => 0,
        ValueKind.Bool => 1,
        ValueKind.Int64 or ValueKind.UInt64 or ValueKind.Float or ValueKind.Size => NumberRank,
        ValueKind.Duration => 3,
        ValueKind.DateTime => 4,
        ValueKind.Mode => 5,
        ValueKind.Enum => 6,
        ValueKind.String or ValueKind.Bytes => 7,
        ValueKind.List => 8,
        ValueKind.Record => 9,
        _ => 10,
    };

    private static int CompareNumbers(Value first, Value second) => (first, second) switch
    {
        (FloatValue a, _) => Compare(a.Number, ValueArithmetic.Integer(second)),
        (_, FloatValue b) => -Compare(b.Number, ValueArithmetic.Integer(first)),
        _ => ValueArithmetic.Integer(first).CompareTo(ValueArithmetic.Integer(second)),
    };

    // Not by way of double: above 2^53 that has no room for every integer, and an order with rounding in it is none.
    private static int Compare(double number, Int128 integer)
    {
        const double BeyondEveryInteger = 1e20;
        if (double.IsNaN(number) || number < -BeyondEveryInteger)
            return -1;

        if (number > BeyondEveryInteger)
            return 1;

        int byWhole = ((Int128)Math.Floor(number)).CompareTo(integer);
        return byWhole != 0 ? byWhole : number > Math.Floor(number) ? 1 : 0;
    }

    // UTF-16 and UTF-8 order text alike, but for surrogates; so text is only encoded when its first difference is at one.
    private static int CompareText(string first, string second)
    {
        int same = first.AsSpan().CommonPrefixLength(second);
        if ((same < first.Length && char.IsSurrogate(first[same])) || (same < second.Length && char.IsSurrogate(second[same])))
            return Encoding.UTF8.GetBytes(first).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(second));

        return same == first.Length || same == second.Length ? first.Length.CompareTo(second.Length) : first[same].CompareTo(second[same]);
    }

    private static int CompareMembers(KeyValuePair<string, Value> first, KeyValuePair<string, Value> second) =>
        CompareText(first.Key, second.Key) is not 0 and var byName ? byName : CompareValues(first.Value, second.Value);

    private static int CompareAll<T>(IReadOnlyList<T> first, IReadOnlyList<T> second, Comparison<T> compare)
    {
        for (int index = 0; index < first.Count && index < second.Count; index++)
        {
            if (compare(first[index], second[index]) is not 0 and var difference)
                return difference;
        }

        return first.Count.CompareTo(second.Count);
    }
}
