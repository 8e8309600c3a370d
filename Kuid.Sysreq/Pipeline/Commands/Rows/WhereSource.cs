using System.Runtime.CompilerServices;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;
using Kuid.Sysreq.Pipeline.Where;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>The rows for which a condition is true.</summary>
public sealed class WhereSource : PassThroughSource
{
    private readonly Func<Value[], Value> _condition;

    private WhereSource(RowSource input, Func<Value[], Value> condition)
        : base(input)
    {
        _condition = condition;
    }

    /// <summary>Binds <c>where CONDITION</c> to the rows of the stage before.</summary>
    /// <param name="input">The stage before; one that gives text gives lines.</param>
    /// <param name="expand">The value of a word of the condition.</param>
    /// <param name="time">What tells <c>now</c>; the system's clock unless given.</param>
    /// <exception cref="CommandException">The condition has no meaning for these rows; it says why, and where that stands.</exception>
    public static RowSource Bind(RowSource? input, WhereCommand command, Func<Word, Value> expand, TimeProvider? time = null)
    {
        if (input is not { Columns.Count: > 0 })
            throw new CommandException("needs rows to work on, as in ls | where size > 1KB", command.Span, status: 2);

        RowSource rows = TextInput.ByLines(input);
        DateTimeOffset now = (time ?? TimeProvider.System).GetUtcNow();
        var moment = new DateTimeValue(now.ToUnixTimeSeconds(), (int)(now.Ticks % TimeSpan.TicksPerSecond) * 100);
        return new WhereSource(rows, new ConditionBinder(rows, expand, moment).Bind(command.Condition));
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<Value[]> ReadAsync(
        CommandContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (Value[] row in Input.ReadAsync(context, cancellation))
        {
            Value truth = _condition(row);
            if (truth is BoolValue { IsTrue: true })
                yield return row;
            else if (truth is ErrorValue error)
                await context.ReportAsync(error);
        }
    }
}
