using Kuid.Sysreq.Grammar.Parsing;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Printing;

/// <content>Words. Their pieces hold what was written, so that nothing has to be quoted anew.</content>
internal sealed partial class Printer
{
    private void Word(Word word) => Parts(word.Parts);

    private void Parts(NodeList<WordPart> parts)
    {
        foreach (WordPart part in parts)
        {
            Part(part);
        }
    }

    private void Part(WordPart part)
    {
        switch (part)
        {
            case LiteralPart literal:
                _text.Append(literal.Text);
                break;
            case EscapedPart escaped:
                _text.Append('\\').Append(escaped.Text);
                break;
            case SingleQuotedPart quoted:
                _text.Append('\'').Append(quoted.Text).Append('\'');
                break;
            case AnsiQuotedPart quoted:
                _text.Append("$'").Append(quoted.Text).Append('\'');
                break;
            case DoubleQuotedPart quoted:
                _text.Append('"');
                Parts(quoted.Parts);
                _text.Append('"');
                break;
            case ParameterPart parameter:
                Parameter(parameter);
                break;
            case CommandSubstitutionPart substitution:
                Substitution(substitution);
                break;
            case ArithmeticPart arithmetic:
                _text.Append("$((");
                Arithmetic(arithmetic.Expression, 0);
                _text.Append("))");
                break;
        }
    }

    private void Parameter(ParameterPart parameter)
    {
        _text.Append(parameter.IsBraced ? "${" : "$")
            .Append(parameter.Operation == ParameterOperation.Length ? "#" : "")
            .Append(parameter.Name)
            .Append(parameter.TreatsEmptyAsUnset ? ":" : "")
            .Append(parameter.Operation switch
            {
                ParameterOperation.Default => "-",
                ParameterOperation.AssignDefault => "=",
                ParameterOperation.Require => "?",
                ParameterOperation.Alternative => "+",
                ParameterOperation.RemoveShortestSuffix => "%",
                ParameterOperation.RemoveLongestSuffix => "%%",
                ParameterOperation.RemoveShortestPrefix => "#",
                ParameterOperation.RemoveLongestPrefix => "##",
                _ => "",
            });
        if (parameter.Operand is { } operand)
        {
            Word(operand);
        }

        _text.Append(parameter.IsBraced ? "}" : "");
    }

    private void Substitution(CommandSubstitutionPart substitution)
    {
        string body = Inner(printer => printer.Separated(substitution.Body.Statements));
        if (substitution.IsBackticked)
        {
            _text.Append('`').Append(Backtick.Escape(body)).Append('`');
        }
        else
        {
            // `$((` would be arithmetic.
            _text.Append("$(").Append(body.StartsWith('(') ? " " : "").Append(body).Append(')');
        }
    }
}
