using System.Globalization;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;

namespace Kuid.Sysreq.Pipeline.Evaluation.Expansion;

/// <summary>What words become when their command is about to run.</summary>
/// <remarks>
/// In bash's order: braces, then tilde, parameters, substitutions and arithmetic from left to right, then what came of unquoted ones
/// is split at IFS, then patterns become the names of remote files. A word knows piece by piece what was quoted, so that nothing is
/// quoted or unquoted twice.
/// </remarks>
internal sealed partial class WordExpander
{
    private const string UsualSeparators = " \t\n";

    private readonly Shell _shell;
    private readonly Func<Script, ValueTask<string>> _substitute;
    private readonly CancellationToken _cancellation;
    private readonly ArithmeticEvaluator _arithmetic;

    /// <summary>Expands for a shell.</summary>
    /// <param name="substitute">Runs the inside of <c>$(...)</c> and gives what it prints.</param>
    public WordExpander(Shell shell, Func<Script, ValueTask<string>> substitute, CancellationToken cancellation)
    {
        _shell = shell;
        _substitute = substitute;
        _cancellation = cancellation;
        _arithmetic = new ArithmeticEvaluator(shell.Variables, part => TextAsync([part], isOperand: false));
    }

    /// <summary>The arguments that words become, in their order.</summary>
    public async ValueTask<List<Argument>> ArgumentsAsync(IEnumerable<Word> words)
    {
        var arguments = new List<Argument>();
        foreach (Word written in words)
        {
            foreach (Word word in BraceExpander.Expand(written))
            {
                await AddArgumentsAsync(arguments, word);
            }
        }

        return arguments;
    }

    /// <summary>The text of a word that stays one: it is not split, and its patterns stay as they are.</summary>
    public async ValueTask<string> TextAsync(Word word) => (await JoinAsync(word.Parts, Tilde.AtStart)).Text;

    /// <summary>The text that a variable gets: a tilde counts behind a colon too, as in PATH.</summary>
    public async ValueTask<string> AssignedAsync(Word? word) => word is null ? "" : (await JoinAsync(word.Parts, Tilde.BehindColons)).Text;

    /// <summary>The text of a here-document.</summary>
    public async ValueTask<string> DocumentAsync(Word word) => (await JoinAsync(word.Parts, Tilde.Nowhere)).Text;

    /// <summary>The pattern that a word is.</summary>
    public async ValueTask<Pattern> PatternAsync(Word word) => Pattern.Of((await JoinAsync(word.Parts, Tilde.AtStart)).Pieces);

    private async ValueTask AddArgumentsAsync(List<Argument> arguments, Word word)
    {
        FieldBuilder builder = FieldBuilder.Splitting(Separators);
        await AddPartsAsync(builder, word.Parts, Tilde.AtStart, isOperand: false);
        foreach (Field field in builder.ToFields())
        {
            IReadOnlyList<string> names = await new PathExpander(_shell, _cancellation).ExpandAsync(field);
            if (names.Count == 0)
            {
                arguments.Add(new Argument(ShellText.ToValue(field.Text), word.Span));
                continue;
            }

            arguments.AddRange(names.Select(name => new Argument(ShellText.ToValue(name), word.Span)));
        }
    }

    private string Separators => _shell.Variables.Get("IFS") ?? UsualSeparators;

    private async ValueTask<Field> JoinAsync(NodeList<WordPart> parts, Tilde tilde)
    {
        FieldBuilder builder = FieldBuilder.Joining();
        await AddPartsAsync(builder, parts, tilde, isOperand: false);
        return builder.ToField();
    }

    private async ValueTask<string> TextAsync(NodeList<WordPart> parts, bool isOperand)
    {
        FieldBuilder builder = FieldBuilder.Joining();
        await AddPartsAsync(builder, parts, isOperand ? Tilde.AtStart : Tilde.Nowhere, isOperand);
        return builder.ToField().Text;
    }

    private async ValueTask AddPartsAsync(FieldBuilder builder, NodeList<WordPart> parts, Tilde tilde, bool isOperand)
    {
        for (int at = 0; at < parts.Count; at++)
        {
            if (parts[at] is LiteralPart literal && tilde != Tilde.Nowhere && literal.Text.Contains('~', StringComparison.Ordinal))
            {
                await AddTildesAsync(builder, literal.Text, isFirst: at == 0, isLast: at == parts.Count - 1, tilde, isOperand);
            }
            else
            {
                await AddPartAsync(builder, parts[at], isQuoted: false, isOperand);
            }
        }
    }

    private async ValueTask AddPartAsync(FieldBuilder builder, WordPart part, bool isQuoted, bool isOperand)
    {
        switch (part)
        {
            case LiteralPart literal:
                AddLiteral(builder, literal.Text, isQuoted, isOperand);
                break;
            case EscapedPart escaped:
                builder.AddQuoted(escaped.Text);
                break;
            case SingleQuotedPart quoted:
                builder.AddQuoted(quoted.Text);
                break;
            case AnsiQuotedPart quoted:
                builder.AddQuoted(quoted.Value);
                break;
            case DoubleQuotedPart { Parts.Count: 0 }:
                builder.AddQuoted("");
                break;
            case DoubleQuotedPart quoted:
                foreach (WordPart inner in quoted.Parts)
                {
                    await AddPartAsync(builder, inner, isQuoted: true, isOperand: false);
                }

                break;
            case ParameterPart parameter:
                await AddParameterAsync(builder, parameter, isQuoted);
                break;
            case CommandSubstitutionPart substitution:
                AddExpansion(builder, await _substitute(substitution.Body), isQuoted);
                break;
            case ArithmeticPart arithmetic:
                long number = await _arithmetic.EvaluateAsync(arithmetic.Expression);
                AddExpansion(builder, number.ToString(CultureInfo.InvariantCulture), isQuoted);
                break;
            default:
                throw new InvalidOperationException($"{part.GetType().Name} is not known in a word");
        }
    }

    /// <summary>Text of the script; that of an operand, as in <c>${x:-a b}</c>, is split like the value that it stands for.</summary>
    private static void AddLiteral(FieldBuilder builder, string text, bool isQuoted, bool isOperand)
    {
        if (isQuoted)
        {
            builder.AddQuoted(text);
        }
        else if (isOperand)
        {
            builder.AddExpansion(text);
        }
        else
        {
            builder.AddLiteral(text);
        }
    }

    private static void AddExpansion(FieldBuilder builder, string text, bool isQuoted)
    {
        if (isQuoted)
        {
            builder.AddQuoted(text);
        }
        else
        {
            builder.AddExpansion(text);
        }
    }
}
