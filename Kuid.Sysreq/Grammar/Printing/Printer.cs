using System.Text;
using Kuid.Sysreq.Grammar.Tree;

namespace Kuid.Sysreq.Grammar.Printing;

/// <summary>Prints what is made of commands; the other files have the commands, the words and the expressions.</summary>
internal sealed partial class Printer
{
    private readonly StringBuilder _text = new();
    private readonly List<Redirection> _documents = [];

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Prints a node of any type.</summary>
    internal void Node(SyntaxNode node)
    {
        switch (node)
        {
            case Script script:
                Separated(script.Statements);
                break;
            case Statement statement:
                AndOr(statement.List);
                _text.Append(statement.IsBackground ? " &" : "");
                break;
            case AndOrList list:
                AndOr(list);
                break;
            case AndOrTail tail:
                Tail(tail);
                break;
            case PipelineNode pipeline:
                Pipeline(pipeline);
                break;
            case Stage stage:
                Command(stage.Command);
                break;
            case CommandNode command:
                Command(command);
                break;
            case IfClause clause:
                Clause("if", clause);
                break;
            case CaseItem item:
                Item(item);
                break;
            case Assignment assignment:
                Assignment(assignment);
                break;
            case Redirection redirection:
                Redirection(redirection);
                break;
            case HereDocument document:
                Delimiter(document);
                break;
            case Word word:
                Word(word);
                break;
            case WordPart part:
                Part(part);
                break;
            case Expression expression:
                Condition(expression, 0);
                break;
            case ArithmeticNode arithmetic:
                Arithmetic(arithmetic, 0);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node.GetType().Name, "no source is known for it");
        }
    }

    /// <summary>
    /// Prints the texts of the here-documents that were begun, in lines of their own. Tabs are put before those of <c>&lt;&lt;-</c>: what
    /// takes them away again also hides a line from a here-document around it that ends with the same word.
    /// </summary>
    internal void Documents()
    {
        if (_documents.Count == 0)
        {
            return;
        }

        Redirection[] documents = [.. _documents];
        _documents.Clear();
        _text.Append('\n');
        foreach (Redirection redirection in documents)
        {
            string text = Inner(printer => printer.Word(redirection.Target));
            if (!redirection.Document!.StripsTabs)
            {
                _text.Append(text).Append(redirection.Document.Delimiter).Append('\n');
                continue;
            }

            foreach (string line in text.Split('\n')[..^1])
            {
                _text.Append('\t').Append(line).Append('\n');
            }

            _text.Append('\t').Append(redirection.Document.Delimiter).Append('\n');
        }
    }

    // Statements with their ends, but for a last semicolon.
    private void Separated(NodeList<Statement> statements)
    {
        for (int i = 0; i < statements.Count; i++)
        {
            _text.Append(i == 0 ? "" : statements[i - 1].IsBackground ? " " : "; ");
            Node(statements[i]);
        }
    }

    // Statements with all their ends, before a word that closes them.
    private void Terminated(Script script)
    {
        Separated(script.Statements);
        _text.Append(script.Statements is [.., { IsBackground: true }] ? " " : "; ");
    }

    private void AndOr(AndOrList list)
    {
        Pipeline(list.First);
        foreach (AndOrTail tail in list.Rest)
        {
            _text.Append(' ');
            Tail(tail);
        }
    }

    private void Tail(AndOrTail tail)
    {
        _text.Append(tail.IsAnd ? "&& " : "|| ");
        Pipeline(tail.Pipeline);
    }

    private void Pipeline(PipelineNode pipeline)
    {
        _text.Append(pipeline.IsTimed ? "time " : "").Append(pipeline.IsNegated ? "! " : "");
        for (int i = 0; i < pipeline.Stages.Count; i++)
        {
            _text.Append(i == 0 ? "" : pipeline.Stages[i - 1].PassesErrors ? " |& " : " | ");
            Command(pipeline.Stages[i].Command);
        }
    }

    private void Joined(IEnumerable<SyntaxNode> nodes, string separator = " ")
    {
        bool isFirst = true;
        foreach (SyntaxNode node in nodes)
        {
            _text.Append(isFirst ? "" : separator);
            isFirst = false;
            Node(node);
        }
    }

    private static string Inner(Action<Printer> print)
    {
        var inner = new Printer();
        print(inner);
        inner.Documents();
        return inner.ToString();
    }
}
