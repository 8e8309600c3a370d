using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Tests.Commands;

/// <summary>Conditions of <c>where</c> as trees, without a parser.</summary>
internal static class Conditions
{
    public static RowSource Where(RowSource? input, Expression condition, TimeProvider? time = null) =>
        WhereSource.Bind(input, new WhereCommand(condition), TextOf, time);

    public static Expression Greater(string column, string number, string unit = "") =>
        Of(Column(column), BinaryOperator.Greater, Number(number, unit));

    public static Expression Column(string name) => new ColumnExpression(name) { Span = SpanOf(name) };

    public static Expression Number(string number, string unit = "") => new NumberExpression(number, unit) { Span = SpanOf(number + unit) };

    public static Expression Text(string text) =>
        new TextExpression(new Word([new SingleQuotedPart(text)])) { Span = SpanOf($"'{text}'") };

    public static Expression Null => new ConstantExpression(null);

    public static Expression Of(Expression left, BinaryOperator op, Expression right) => new BinaryExpression(op, left, right) { Span = SpanOf("all") };

    public static Expression Not(Expression operand) => new UnaryExpression(UnaryOperator.Not, operand);

    /// <summary>The place of a piece is told by its length here, which is enough to see which piece a refusal points at.</summary>
    public static SourceSpan SpanOf(string piece) => new(SourcePosition.Start, new SourcePosition(piece.Length, 1, piece.Length + 1));

    public static (string Message, SourceSpan Span) Refusal(RowSource input, Expression condition)
    {
        CommandException refusal = FluentActions.Invoking(() => Where(input, condition)).Should().Throw<CommandException>().Which;
        refusal.Status.Should().Be(2, "it is a wrong use");
        return (refusal.Message, refusal.Span!.Value);
    }

    private static Value TextOf(Word word) => new StringValue(string.Concat(word.Parts.Cast<SingleQuotedPart>().Select(part => part.Text)));
}
