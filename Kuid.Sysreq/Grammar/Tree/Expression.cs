namespace Kuid.Sysreq.Grammar.Tree;

/// <summary>The condition of <c>where</c>, over the columns of a row.</summary>
public abstract record Expression : SyntaxNode;

/// <summary>The kinds of operators with two sides.</summary>
public enum BinaryOperator
{
    /// <summary><c>or</c>, <c>||</c>.</summary>
    Or,

    /// <summary><c>and</c>, <c>&amp;&amp;</c>.</summary>
    And,

    /// <summary><c>==</c>, also written <c>=</c>.</summary>
    Equal,

    /// <summary><c>!=</c>.</summary>
    NotEqual,

    /// <summary><c>&lt;</c>.</summary>
    Less,

    /// <summary><c>&lt;=</c>.</summary>
    LessOrEqual,

    /// <summary><c>&gt;</c>.</summary>
    Greater,

    /// <summary><c>&gt;=</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>=~</c>: the left side has a match of the regular expression at the right.</summary>
    Matches,

    /// <summary><c>!~</c>.</summary>
    NotMatches,

    /// <summary><c>+</c>.</summary>
    Add,

    /// <summary><c>-</c>.</summary>
    Subtract,

    /// <summary><c>*</c>.</summary>
    Multiply,

    /// <summary><c>/</c>.</summary>
    Divide,

    /// <summary><c>%</c>.</summary>
    Remainder,
}

/// <summary>The kinds of operators with one side.</summary>
public enum UnaryOperator
{
    /// <summary><c>not</c>, <c>!</c>.</summary>
    Not,

    /// <summary><c>-</c>.</summary>
    Negate,
}

/// <summary>An operator with two sides.</summary>
public sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right) : Expression;

/// <summary>An operator with one side.</summary>
public sealed record UnaryExpression(UnaryOperator Operator, Expression Operand) : Expression;

/// <summary>A column of the row, by its name.</summary>
public sealed record ColumnExpression(string Name) : Expression;

/// <summary>A number, with its unit if it has one: <c>10</c>, <c>1.5</c>, <c>0x1f</c>, <c>1KB</c>, <c>4MiB</c>, <c>3d</c>, <c>250ms</c>.</summary>
/// <param name="Number">The digits, as written.</param>
/// <param name="Unit">What follows them, as written; empty when nothing does.</param>
public sealed record NumberExpression(string Number, string Unit) : Expression;

/// <summary><c>true</c>, <c>false</c> or <c>null</c>.</summary>
/// <param name="Value">Null for null.</param>
public sealed record ConstantExpression(bool? Value) : Expression;

/// <summary>A quoted text or one with substitutions: <c>'x'</c>, <c>"$y"</c>, <c>$z</c>.</summary>
public sealed record TextExpression(Word Text) : Expression;
