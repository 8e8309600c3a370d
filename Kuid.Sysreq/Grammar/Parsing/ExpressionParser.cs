using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Parsing;

/// <summary>
/// Reads the condition of <c>where</c>. From the weakest: <c>or ||</c>, <c>and &amp;&amp;</c>, <c>not !</c>, one comparison,
/// <c>+ -</c>, <c>* / %</c>, a sign. So <c>not a = b</c> denies the comparison.
/// </summary>
internal sealed class ExpressionParser(ParseState state, Lexer lexer, SourceSpan where)
{
    private readonly ExpressionTokens _tokens = new(state, lexer);
    private ExpressionToken _token;
    private ExpressionToken? _previous;
    private int _parentheses;

    /// <summary>Where the last token that was gone past has ended, parentheses included.</summary>
    internal SourcePosition End { get; private set; }

    /// <summary>Reads up to what ends it, which is left to the reader of commands.</summary>
    internal Expression Parse()
    {
        state.EnterExpression();
        Advance();
        if (_token.Kind is ExpressionTokenKind.End or ExpressionTokenKind.RightParenthesis)
        {
            throw state.Fail(where, "a condition is missing after `where`, such as `where size > 1KB`");
        }

        Expression condition = Or();
        if (_token.Kind is not (ExpressionTokenKind.End or ExpressionTokenKind.RightParenthesis))
        {
            throw Unexpected();
        }

        state.LeaveExpression();
        return condition;
    }

    private Expression Or() => LeftJoined(And, static token => token.Text switch
    {
        "or" or "||" => BinaryOperator.Or,
        _ => null,
    });

    private Expression And() => LeftJoined(Not, static token => token.Text switch
    {
        "and" or "&&" => BinaryOperator.And,
        _ => null,
    });

    private Expression Not() => _token.IsOperator("not", "!") ? Unary(UnaryOperator.Not, Not) : Comparison();

    private Expression Comparison()
    {
        SourcePosition start = _token.Span.Start;
        Expression left = Sum();
        if (ComparisonOf(_token) is not { } comparison)
        {
            return left;
        }

        Advance();
        Expression right = Sum();
        if (ComparisonOf(_token) is not null)
        {
            throw state.Fail(
                _token.Span, $"{_token.Name} cannot follow a comparison: join two comparisons by `and`; files are not written to by `where`");
        }

        return new BinaryExpression(comparison, left, right) { Span = new SourceSpan(start, End) };
    }

    private static BinaryOperator? ComparisonOf(ExpressionToken token) => token.Kind != ExpressionTokenKind.Operator ? null : token.Text switch
    {
        "=" or "==" => BinaryOperator.Equal,
        "!=" => BinaryOperator.NotEqual,
        "<" => BinaryOperator.Less,
        "<=" => BinaryOperator.LessOrEqual,
        ">" => BinaryOperator.Greater,
        ">=" => BinaryOperator.GreaterOrEqual,
        "=~" => BinaryOperator.Matches,
        "!~" => BinaryOperator.NotMatches,
        _ => null,
    };

    private Expression Sum() => LeftJoined(Product, static token => token.Text switch
    {
        "+" => BinaryOperator.Add,
        "-" => BinaryOperator.Subtract,
        _ => null,
    });

    private Expression Product() => LeftJoined(Sign, static token => token.Text switch
    {
        "*" => BinaryOperator.Multiply,
        "/" => BinaryOperator.Divide,
        "%" => BinaryOperator.Remainder,
        _ => null,
    });

    private Expression Sign() => _token.IsOperator("-") ? Unary(UnaryOperator.Negate, Sign) : Primary();

    private Expression LeftJoined(Func<Expression> operand, Func<ExpressionToken, BinaryOperator?> operatorOf)
    {
        SourcePosition start = _token.Span.Start;
        Expression left = operand();
        while (_token.Kind == ExpressionTokenKind.Operator && operatorOf(_token) is { } joined)
        {
            state.CountOperator(_token.Span);
            Advance();
            left = new BinaryExpression(joined, left, operand()) { Span = new SourceSpan(start, End) };
        }

        return left;
    }

    private UnaryExpression Unary(UnaryOperator unary, Func<Expression> operand)
    {
        SourceSpan span = _token.Span;
        state.Enter(span);
        Advance();
        Expression inner = operand();
        state.Leave();
        return new UnaryExpression(unary, inner) { Span = new SourceSpan(span.Start, End) };
    }

    private Expression Primary()
    {
        ExpressionToken token = _token;
        switch (token.Kind)
        {
            case ExpressionTokenKind.LeftParenthesis:
                return Parenthesised();
            case ExpressionTokenKind.Number:
                Advance();
                return new NumberExpression(token.Text, token.Unit) { Span = token.Span };
            case ExpressionTokenKind.Text:
                Advance();
                return new TextExpression(token.Word!) { Span = token.Span };
            case ExpressionTokenKind.Name:
                Advance();
                return token.Text switch
                {
                    "true" or "false" => new ConstantExpression(bool.Parse(token.Text)) { Span = token.Span },
                    "null" => new ConstantExpression(null) { Span = token.Span },
                    _ => new ColumnExpression(token.Text) { Span = token.Span },
                };
            default:
                throw ValueMissing();
        }
    }

    private Expression Parenthesised()
    {
        SourceSpan opening = _token.Span;
        state.Enter(opening);
        _parentheses++;
        Advance();
        Expression inner = Or();
        if (_token.Kind != ExpressionTokenKind.RightParenthesis)
        {
            throw _token.Kind == ExpressionTokenKind.End
                ? state.FailOpen(
                    _token.Span, $"`)` is missing before {_token.Name}: the `(` at {opening.Start} is still open")
                : Unexpected();
        }

        _parentheses--;
        state.Scanner.Advance();
        Advance();
        state.Leave();
        return inner;
    }

    private void Advance()
    {
        bool isAfterOperator = _token.Kind == ExpressionTokenKind.Operator;
        bool isAfterValue = _token.Kind is not (ExpressionTokenKind.End or ExpressionTokenKind.Operator or ExpressionTokenKind.LeftParenthesis);
        if (_token.Kind != ExpressionTokenKind.End)
        {
            _previous = _token;
            End = _token.Span.End;
        }

        state.Completion.Expect(isAfterValue ? CompletionKind.Nothing : CompletionKind.Column);
        _token = _tokens.Next(linesMayEnd: _parentheses > 0 || isAfterOperator);
    }

    private SyntaxException ValueMissing()
    {
        bool isUnquoted = _previous is not null && _token.IsOperator("/", "*", "%");
        string hint = isUnquoted ? "; a text or a regular expression is written in quotes" : "";
        string message = (_previous, _token.Kind) switch
        {
            (null, _) => $"a value is missing before {_token.Name}",
            ({ } previous, ExpressionTokenKind.End) => $"a value is missing after {previous.Name}",
            ({ } previous, _) => $"a value is missing between {previous.Name} and {_token.Name}",
        };
        return state.FailOpen(_token.Span, message + hint);
    }

    private SyntaxException Unexpected() => state.Fail(
        _token.Span, $"{_token.Name} cannot follow {_previous?.Name}: an operator is missing between them");
}
