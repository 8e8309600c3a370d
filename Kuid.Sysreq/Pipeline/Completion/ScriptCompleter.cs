using Kuid.Sysreq.Grammar;
using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Commands;
using Kuid.Sysreq.Pipeline.Evaluation;
using Kuid.Sysreq.Pipeline.Rows;

namespace Kuid.Sysreq.Pipeline.Completion;

/// <summary>
/// Says what can stand at a place: the parser knows which kind of thing, the shell which there are. What an argument is stands in the
/// synopsis of its command, so that there is no second list of that.
/// </summary>
internal sealed class ScriptCompleter(Shell shell)
{
    private static readonly string[] Keywords = ["case", "for", "function", "if", "time", "until", "while"];
    private static readonly string[] PathWords = ["PATH", "FILE", "DIR", "TARGET", "FROM", "REMOTE", "TEXT", "ARG", "-]"];

    public async Task<ScriptCompletion> CompleteAsync(string source, int offset, CancellationToken cancellation)
    {
        CompletionContext context = ScriptParser.ContextAt(source, offset);
        IReadOnlyList<CompletionItem> items = context.Kind switch
        {
            CompletionKind.Command => Named(context.Prefix, CommandNames()),
            CompletionKind.Column => Named(context.Prefix, Columns(context)),
            CompletionKind.Variable => Named(context.Prefix, shell.Variables.All.Select(variable => variable.Key)),
            CompletionKind.Path => await PathsAsync(context.Prefix, cancellation),
            CompletionKind.Argument => await ArgumentsAsync(context, cancellation),
            _ => [],
        };
        return new ScriptCompletion(context.Start, items);
    }

    private static CompletionItem[] Named(string prefix, IEnumerable<string> names) =>
    [
        .. names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => new CompletionItem(name, name, IsWhole: true)),
    ];

    private IEnumerable<string> CommandNames() =>
        CommandTable.All.Select(command => command.Name).Concat(shell.Functions.Keys).Concat(Keywords);

    private async Task<IReadOnlyList<CompletionItem>> ArgumentsAsync(CompletionContext context, CancellationToken cancellation)
    {
        CommandHelp? help = CommandTable.Find(context.Words[0].ToString())?.Help;
        string synopsis = help?.Synopsis ?? PathWords[0];
        if (context.Prefix.StartsWith('-') && help is not null)
        {
            return Named(context.Prefix, help.Options.Select(option => option.Option.Split(' ')[0]));
        }

        List<CompletionItem> items = [];
        if (synopsis.Contains("COLUMN", StringComparison.Ordinal))
        {
            items.AddRange(Named(context.Prefix, Columns(context)));
        }

        if (synopsis.Contains("COMMAND", StringComparison.Ordinal) && context.Words.Count == 1)
        {
            items.AddRange(Named(context.Prefix, CommandNames()));
        }

        if (synopsis.Contains(" NAME", StringComparison.Ordinal))
        {
            items.AddRange(Named(context.Prefix, shell.Variables.All.Select(variable => variable.Key)));
        }

        if (synopsis.Contains("CALL", StringComparison.Ordinal) && context.Words.Count == 1)
        {
            items.AddRange(Named(context.Prefix, shell.Connection.System.Client.Architecture.CallNames));
        }

        if (items.Count == 0 && Array.Exists(PathWords, word => synopsis.Contains(word, StringComparison.Ordinal)))
        {
            items.AddRange(await PathsAsync(context.Prefix, cancellation));
        }

        return items;
    }

    // The columns of the stage before are those of the stages before as a group, whose columns are known without running it.
    private IEnumerable<string> Columns(CompletionContext context)
    {
        if (context.Stages.Count == 0)
        {
            return [];
        }

        var pipeline = new PipelineNode(IsTimed: false, IsNegated: false, new NodeList<Stage>(context.Stages));
        var script = new Script([new Statement(new AndOrList(pipeline, []), IsBackground: false)]);
        IEnumerable<string> shown = StaticColumns.Of(new Group(script, []), shell, input: null).Select(column => column.Name);

        // What a later stage can name beyond these, as long as no stage between makes rows of its own.
        CommandHelp? first = context.Stages[0].Command is SimpleCommand { Words: [var name, ..] } ? CommandTable.Find(name.ToString())?.Help : null;
        IEnumerable<Column> onDemand = context.Stages.Count == 1 ? first?.OnDemand ?? [] : [];
        return shown.Concat(onDemand.Select(column => column.Name));
    }

    private Task<IReadOnlyList<CompletionItem>> PathsAsync(string prefix, CancellationToken cancellation) =>
        new PathCompleter(shell.Connection.System).CompleteAsync(prefix, cancellation);
}
