using System.Buffers;
using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>echo</c>: its arguments as one text.</summary>
internal sealed class EchoCommand : Command
{
    /// <summary>The column of commands that give text back.</summary>
    public static Column StringColumn { get; } = new("string", ValueKind.String);

    /// <inheritdoc/>
    public override string Name => "echo";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "echo [TEXT...]",
        Summary = "One row with its arguments, a space between them.",
        Remarks = "It has no options: what begins with a dash is text too. Without arguments behind a pipe it lets the rows pass.",
        Columns = [StringColumn],
        Examples = ["echo hello $USER", "ls | xargs echo"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        if (call is { Arguments.Count: 0, Input: { } input, AwaitsArguments: false })
            return input;

        var text = new ArrayBufferWriter<byte>();
        foreach (Argument argument in call.Arguments)
        {
            if (text.WrittenCount > 0)
                text.Write(" "u8);

            text.Write(ValueText.BytesOf(argument.Value).Span);
        }

        return new GivenRowsSource([StringColumn], [[Value.FromBytes(text.WrittenSpan)]]);
    }
}
