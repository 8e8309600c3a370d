using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>print</c>: a row for each argument.</summary>
internal sealed class PrintCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "print";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "print TEXT...",
        Summary = "A row for each of its arguments.",
        Remarks = "It has no options: what begins with a dash is text too.",
        Columns = [EchoCommand.StringColumn],
        Examples = ["print /etc /var | xargs ls", "print b a c | sort"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call) => new GivenRowsSource(
        [EchoCommand.StringColumn], call.Arguments.Select(argument => (Value[])[Value.FromBytes(ValueText.BytesOf(argument.Value).Span)]));
}
