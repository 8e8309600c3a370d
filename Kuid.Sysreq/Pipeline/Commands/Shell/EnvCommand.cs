using Kuid.Sysreq.Pipeline.Evaluation.Expansion;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Shell;

/// <summary><c>env</c>: what remote programs get.</summary>
internal sealed class EnvCommand : Command
{
    /// <summary>The columns of variables.</summary>
    public static IReadOnlyList<Column> Columns { get; } = [new Column("name", ValueKind.String), new Column("value", ValueKind.String)];

    /// <inheritdoc/>
    public override string Name => "env";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "env",
        Summary = "The exported variables, by name.",
        Remarks = "A program gets others by assignments before it: A=1 run program.",
        Columns = Columns,
        Examples = ["env | grep name ^LC_"],
    };

    /// <summary>The exported variables.</summary>
    public static RowSource Rows() => new ComputedSource(Columns, (context, _) => ReadAsync(context));

    /// <summary>A variable as a row.</summary>
    public static Value[] Row(string name, string value) => [new StringValue(name), ShellText.ToValue(value)];

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        new ArgumentReader(call, Help).TakeAtMost(0);
        return Rows();
    }

    private static async IAsyncEnumerable<Value[]> ReadAsync(CommandContext context)
    {
        foreach ((string name, string value) in context.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            yield return Row(name, value);
        }

        await Task.CompletedTask;
    }
}
