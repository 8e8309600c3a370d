using FsCheck;
using FsCheck.Fluent;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Values;

/// <summary>Values as FsCheck makes them up: few of each kind and near each other, so that equal ones and neighbours are common.</summary>
internal static class AnyValue
{
    private static readonly Gen<long> Integers = Gen.Frequency(
        (4, Gen.Choose(-3, 3).Select(number => (long)number)),
        (1, Gen.Elements(long.MinValue, long.MaxValue, long.MaxValue - 1, (1L << 53) + 1, 1L << 53)));

    private static readonly Gen<double> Floats = Gen.Elements(
        0.0, -0.0, 0.5, 1.0, -1.5, 2.0, (double)(1L << 53), 9223372036854775807.0, 1.8446744073709552e19, 1e300, -1e300, double.NaN,
        double.PositiveInfinity, double.NegativeInfinity);

    // Around what orders differently in UTF-16 and UTF-8, what formats escape, and what a terminal acts on.
    private static readonly Gen<string> Texts = Gen.Elements(
            "a", "b", "\u00e9", "\uffee", "\U0001F600", "\U0001F601", "\t", "\n", "\r", "\\", "\"", "\u001b[31m", "\u202e", " ", "N", "#{x}", "1", "-", "")
        .ArrayOf()
        .Select(parts => string.Concat(parts.Take(4)));

    private static readonly Gen<byte[]> Octets = Gen.Elements<byte>((byte)'a', (byte)'b', 0xC3, 0xA9, 0xFF, 0x00, (byte)'\n', (byte)'\t')
        .ArrayOf()
        .Select(octets => octets.Take(4).ToArray());

    private static readonly Gen<Value> OfJson = Gen.Frequency(
        (1, Gen.Constant<Value>(NullValue.Instance)),
        (1, Gen.Elements<Value>(new BoolValue(true), new BoolValue(false))),
        (3, Integers.Select(number => (Value)new Int64Value(number))),
        (1, Integers.Select(number => (Value)new UInt64Value((ulong)number))),
        (2, Floats.Where(double.IsFinite).Select(number => (Value)new FloatValue(number))),
        (3, Texts.Select(text => (Value)new StringValue(text))),
        (2, Octets.Select(octets => (Value)new BytesValue(octets))));

    private static readonly Gen<Value> Scalar = Gen.Frequency(
        (7, OfJson),
        (1, Floats.Select(number => (Value)new FloatValue(number))),
        (2, Integers.Select(number => (Value)new SizeValue(number))),
        (1, Integers.Select(number => (Value)new DurationValue(number))),
        (1, Integers.SelectMany(_ => Gen.Choose(0, 2), (seconds, nanoseconds) => (Value)new DateTimeValue(seconds, nanoseconds))),
        (1, Gen.Choose(0, 0xFFFF).Select(bits => (Value)new ModeValue((uint)bits))),
        (1, Texts.SelectMany(_ => Gen.Choose(0, 2), (name, number) => (Value)new EnumValue(name, number))),
        (1, Texts.Select(text => (Value)new ErrorValue("ls", text))));

    /// <summary>Of any kind.</summary>
    public static Gen<Value> OfAnyKind { get; } = Nested(Scalar);

    /// <summary>Of the kinds that JSON has, and bytes.</summary>
    public static Gen<Value> ThatJsonHas { get; } = Nested(OfJson);

    /// <summary>Scalars of the kinds that come back from TSV.</summary>
    public static Gen<Value> ThatTsvHas { get; } = OfJson;

    /// <summary>Checks a property of many of them; a failure names the seed to replay it with.</summary>
    public static void Check<T>(Gen<T> values, Action<T> property) =>
        Prop.ForAll(Arb.From(values), property).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(20));

    private static Gen<Value> Nested(Gen<Value> scalar)
    {
        Gen<Value[]> several = scalar.ArrayOf().Select(items => items.Take(3).ToArray());
        return Gen.Frequency(
            (8, scalar),
            (1, several.Select(items => (Value)new ListValue(items))),
            (1, several.Select(items => (Value)new RecordValue([.. items.Select((item, place) => KeyValuePair.Create($"m{place}", item))]))));
    }
}
