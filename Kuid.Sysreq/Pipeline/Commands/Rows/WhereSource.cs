using Kuid.Sysreq.Grammar.Tree;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands;

/// <summary>Holds the place.</summary>
public static class WhereSource
{
    /// <summary>Holds the place.</summary>
    public static RowSource Bind(RowSource input, WhereCommand command, Func<Word, Value> expand) =>
        throw new CommandException("there is no where yet", command.Span);
}
