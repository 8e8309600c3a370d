using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary>
/// What becomes of many values of a column: <c>sum</c>, <c>avg</c>, <c>min</c>, <c>max</c>, or of many rows: <c>count</c>. Null does not
/// count; an error among the values is the result.
/// </summary>
internal sealed class Aggregate
{
    private static readonly string[] WithColumn = ["sum", "avg", "min", "max"];

    private readonly string _name;
    private readonly int _index;

    private Aggregate(string name, int index, Column column)
    {
        (_name, _index) = (name, index);
        Column = column;
    }

    /// <summary>The names of those that have a column.</summary>
    public static IReadOnlyList<string> Names => WithColumn;

    /// <summary>The column of the result: <c>sum_size</c>, <c>count</c>.</summary>
    public Column Column { get; }

    /// <summary>How many rows there are.</summary>
    public static Aggregate Count { get; } = new("count", -1, new Column("count", ValueKind.Int64));

    /// <summary>An aggregate of a column.</summary>
    /// <exception cref="CommandException">It has no meaning for values of that kind.</exception>
    public static Aggregate Of(string name, ArgumentReader arguments, Argument argument, RowSource input)
    {
        (int index, Column column) = arguments.Column(argument, input);
        return Of(name, index, column) ?? throw arguments.Refusal(Unfit(name, column), argument);
    }

    /// <summary>Why a column is none that has this aggregate.</summary>
    public static string Unfit(string name, Column column) =>
        $"{VisibleText.Of(column.Name)} is {ValueKinds.WithArticle(column.Kind)}; {name} is of numbers, sizes and durations";

    /// <summary>An aggregate of a column; null when it has no meaning for values of that kind.</summary>
    public static Aggregate? Of(string name, int index, Column column)
    {
        bool isOfAnyKind = name is "min" or "max";
        bool isSummable = ValueKinds.IsOpen(column.Kind) || ValueKinds.IsNumber(column.Kind)
            || column.Kind is ValueKind.Size or ValueKind.Duration;
        ValueKind kind = name == "avg" && ValueKinds.IsNumber(column.Kind) ? ValueKind.Float : column.Kind;
        return isOfAnyKind || isSummable ? new Aggregate(name, index, new Column($"{name}_{column.Name}", kind)) : null;
    }

    /// <summary>Begins with no rows.</summary>
    public Running Begin() => new(this);

    /// <summary>An aggregate on its way.</summary>
    internal sealed class Running(Aggregate aggregate)
    {
        private long _count;
        private Int128 _whole;
        private double _fraction;
        private ValueKind? _kind;
        private Value? _extreme;
        private ErrorValue? _error;

        /// <summary>Takes the next row.</summary>
        public void Add(Value[] row)
        {
            Value value = aggregate._index < 0 ? NullValue.Instance : row[aggregate._index];
            if (aggregate._index < 0)
                _count++;
            else if (value is ErrorValue error)
                _error ??= error;
            else if (value is not NullValue)
                Add(value);
        }

        /// <summary>The result.</summary>
        public Value Result() => _error ?? aggregate._name switch
        {
            "count" => new Int64Value(_count),
            "sum" => InItsName(Sum()),
            "avg" => InItsName(Average()),
            _ => _extreme ?? NullValue.Instance,
        };

        private Value InItsName(Value result) => result is ErrorValue error ? error with { Command = aggregate._name } : result;

        private void Add(Value value)
        {
            _count++;
            if (aggregate._name is "min" or "max")
            {
                int order = _extreme is null ? 0 : ValueOrder.CompareValues(value, _extreme);
                _extreme = _extreme is null || (aggregate._name == "min" ? order < 0 : order > 0) ? value : _extreme;
                return;
            }

            ValueKind kind = ValueKinds.IsInteger(value.Kind) ? ValueKind.Int64 : value.Kind;
            ValueKind? together = _kind is null || _kind == kind ? kind : ValueArithmetic.KindOf(ArithmeticOperator.Add, _kind.Value, kind);
            if (together is null || !(ValueKinds.IsNumber(kind) || kind is ValueKind.Size or ValueKind.Duration))
            {
                _error = new ErrorValue(aggregate._name, _kind is null || together is not null
                    ? $"{ValueKinds.WithArticle(value.Kind)} cannot be added"
                    : $"{ValueKinds.Word(_kind.Value)} and {ValueKinds.Word(value.Kind)} cannot be added");
                return;
            }

            _kind = together;
            if (value is FloatValue number)
                _fraction += number.Number;
            else
                _whole += ValueArithmetic.Integer(value);
        }

        private Value Sum() => Kind() switch
        {
            ValueKind.Float => new FloatValue((double)_whole + _fraction),
            ValueKind.Size or ValueKind.Duration => ValueArithmetic.Quantity(Kind(), Whole()),
            _ => ValueArithmetic.Number(_whole),
        };

        private Value Average() => _count == 0 ? NullValue.Instance : Kind() switch
        {
            ValueKind.Size or ValueKind.Duration => ValueArithmetic.Quantity(Kind(), (Int128)Math.Round((double)Whole() / _count)),
            _ => new FloatValue(((double)_whole + _fraction) / _count),
        };

        // A size may have been added to a float; what that has behind the point is no byte.
        private Int128 Whole() => _whole + (Int128)Math.Round(_fraction);

        private ValueKind Kind() => _kind ?? (ValueKinds.IsOpen(aggregate.Column.Kind) ? ValueKind.Int64 : aggregate.Column.Kind);
    }
}
