namespace Kuid.Sysreq.Grammar.Tree;

/// <summary>An expression of <c>$((...))</c>: 64-bit integers, C's operators and ranks.</summary>
public abstract record ArithmeticNode : SyntaxNode;

/// <summary>A number as written: decimal, <c>0x</c> hexadecimal or <c>0</c> octal.</summary>
public sealed record ArithmeticNumber(string Text) : ArithmeticNode;

/// <summary>A variable, written <c>x</c> or <c>$x</c> (then with what <see cref="ParameterPart"/> can do).</summary>
/// <param name="Parameter">Its written form when it has a dollar; null for a bare name.</param>
public sealed record ArithmeticVariable(string Name, WordPart? Parameter) : ArithmeticNode;

/// <summary>An operator before its operand: <c>- + ! ~</c>.</summary>
public sealed record ArithmeticUnary(string Operator, ArithmeticNode Operand) : ArithmeticNode;

/// <summary>An operator between two operands: <c>|| &amp;&amp; | ^ &amp; == != &lt; &lt;= &gt; &gt;= &lt;&lt; &gt;&gt; + - * / % **</c>.</summary>
public sealed record ArithmeticBinary(string Operator, ArithmeticNode Left, ArithmeticNode Right) : ArithmeticNode;

/// <summary><c>a ? b : c</c>.</summary>
public sealed record ArithmeticChoice(ArithmeticNode Condition, ArithmeticNode Then, ArithmeticNode Else) : ArithmeticNode;

/// <summary><c>x = e</c>, <c>x += e</c> and their like.</summary>
public sealed record ArithmeticAssignment(string Name, string Operator, ArithmeticNode Value) : ArithmeticNode;
