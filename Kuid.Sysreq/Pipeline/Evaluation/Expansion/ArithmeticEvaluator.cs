using System.Globalization;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>Calculates what stands in <c>$((...))</c>: 64 bits that wrap around, as in C and in bash.</summary>
/// <remarks>
/// What is written with a dollar is expanded before anything is calculated, as the rest of a word is; a bare name is looked up when its
/// turn comes, after the assignments before it.
/// </remarks>
/// <param name="variables">What names stand for; assignments go there.</param>
/// <param name="expand">Expands a parameter that was written with a dollar.</param>
internal sealed class ArithmeticEvaluator(Variables variables, Func<WordPart, ValueTask<string>> expand)
{
    /// <summary>How many variables may stand for one another in a row.</summary>
    private const int MaxDepth = 100;

    /// <summary>The value of an expression.</summary>
    /// <exception cref="ExpansionException">It has none.</exception>
    public async ValueTask<long> EvaluateAsync(ArithmeticNode node)
    {
        var expanded = new Dictionary<WordPart, string>(ReferenceEqualityComparer.Instance);
        await ExpandAsync(node, expanded);
        return Evaluate(node, expanded);
    }

    private async ValueTask ExpandAsync(ArithmeticNode node, Dictionary<WordPart, string> expanded)
    {
        switch (node)
        {
            case ArithmeticVariable { Parameter: { } parameter }:
                expanded[parameter] = await expand(parameter);
                break;
            case ArithmeticUnary unary:
                await ExpandAsync(unary.Operand, expanded);
                break;
            case ArithmeticBinary binary:
                await ExpandAsync(binary.Left, expanded);
                await ExpandAsync(binary.Right, expanded);
                break;
            case ArithmeticChoice choice:
                await ExpandAsync(choice.Condition, expanded);
                await ExpandAsync(choice.Then, expanded);
                await ExpandAsync(choice.Else, expanded);
                break;
            case ArithmeticAssignment assignment:
                await ExpandAsync(assignment.Value, expanded);
                break;
        }
    }

    private long Evaluate(ArithmeticNode node, Dictionary<WordPart, string> expanded) => node switch
    {
        ArithmeticNumber number => Number(number.Text) ?? throw Fault(node, $"`{number.Text}` is no number: 10, 0x1f and 017 are"),
        ArithmeticVariable { Parameter: { } parameter } => ValueOf(expanded[parameter], node),
        ArithmeticVariable variable => ValueOf(variables.Get(variable.Name) ?? "", node),
        ArithmeticUnary unary => Unary(unary.Operator, Evaluate(unary.Operand, expanded)),
        ArithmeticBinary { Operator: "&&" } both => Truth(Evaluate(both.Left, expanded) != 0 && Evaluate(both.Right, expanded) != 0),
        ArithmeticBinary { Operator: "||" } either => Truth(Evaluate(either.Left, expanded) != 0 || Evaluate(either.Right, expanded) != 0),
        ArithmeticBinary binary => Binary(binary, binary.Operator, Evaluate(binary.Left, expanded), Evaluate(binary.Right, expanded)),
        ArithmeticChoice choice => Evaluate(Evaluate(choice.Condition, expanded) != 0 ? choice.Then : choice.Else, expanded),
        ArithmeticAssignment assignment => Assign(assignment, expanded),
        _ => throw new InvalidOperationException($"{node.GetType().Name} is not known in arithmetic"),
    };

    private long Assign(ArithmeticAssignment assignment, Dictionary<WordPart, string> expanded)
    {
        // `n += (n = 5)` adds to what n was before: the left side is read first, as bash does it.
        long before = assignment.Operator == "=" ? 0 : ValueOf(variables.Get(assignment.Name) ?? "", assignment);
        long value = Evaluate(assignment.Value, expanded);
        if (assignment.Operator != "=")
        {
            value = Binary(assignment, assignment.Operator[..^1], before, value);
        }

        variables.Set(assignment.Name, value.ToString(CultureInfo.InvariantCulture));
        return value;
    }

    private static long Unary(string sign, long operand) => sign switch
    {
        "-" => unchecked(-operand),
        "+" => operand,
        "!" => Truth(operand == 0),
        "~" => ~operand,
        _ => throw new InvalidOperationException($"{sign} is not known before an operand"),
    };

    private static long Binary(ArithmeticNode node, string sign, long left, long right) => unchecked(sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" when right == 0 => throw Fault(node, "division by zero"),
        "%" when right == 0 => throw Fault(node, "division by zero"),
        // The quotient of the lowest number and -1 is one too large for 64 bits: the processor traps where bash wraps.
        "/" => right == -1 ? -left : left / right,
        "%" => right == -1 ? 0 : left % right,
        "**" when right < 0 => throw Fault(node, "an exponent below zero"),
        "**" => Power(left, right),
        "<<" => left << (int)(right & 63),
        ">>" => left >> (int)(right & 63),
        "&" => left & right,
        "|" => left | right,
        "^" => left ^ right,
        "==" => Truth(left == right),
        "!=" => Truth(left != right),
        "<" => Truth(left < right),
        "<=" => Truth(left <= right),
        ">" => Truth(left > right),
        ">=" => Truth(left >= right),
        _ => throw new InvalidOperationException($"{sign} is not known between operands"),
    });

    private static long Power(long number, long exponent)
    {
        long power = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                power = unchecked(power * number);
            }

            number = unchecked(number * number);
        }

        return power;
    }

    private static long Truth(bool isTrue) => isTrue ? 1 : 0;

    /// <summary>What a variable's text counts as: a number, the value of the variable that it names, or zero when it is empty.</summary>
    private long ValueOf(string text, ArithmeticNode node)
    {
        string first = text;
        for (int depth = 0; depth < MaxDepth; depth++)
        {
            string trimmed = text.Trim(' ', '\t', '\n');
            if (trimmed.Length == 0)
            {
                return 0;
            }

            if (Number(trimmed) is { } number)
            {
                return number;
            }

            if (!Variables.IsName(trimmed))
            {
                throw Fault(node, $"`{trimmed}` is no number");
            }

            text = variables.Get(trimmed) ?? "";
        }

        throw Fault(node, $"the variables behind `{first}` stand for one another without end");
    }

    private static long? Number(string text)
    {
        bool isNegative = text[0] == '-';
        ReadOnlySpan<char> digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        int radix = 10;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            radix = 16;
            digits = digits[2..];
        }
        else if (digits.Length > 1 && digits[0] == '0')
        {
            radix = 8;
            digits = digits[1..];
        }

        if (digits.IsEmpty)
        {
            return null;
        }

        long number = 0;
        foreach (char unit in digits)
        {
            int digit = char.IsAsciiHexDigit(unit) ? Convert.ToInt32(unit.ToString(), 16) : radix;
            if (digit >= radix)
            {
                return null;
            }

            number = unchecked((number * radix) + digit);
        }

        return isNegative ? unchecked(-number) : number;
    }

    private static ExpansionException Fault(ArithmeticNode node, string message) => new(message, node.Span);
}
