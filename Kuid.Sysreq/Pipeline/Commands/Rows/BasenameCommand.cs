using Kuid.Sysreq.Pipeline.Rows;
using Kuid.Sysreq.Pipeline.Values;

namespace Kuid.Sysreq.Pipeline.Commands.Rows;

/// <summary><c>basename</c>: the last names of paths.</summary>
internal sealed class BasenameCommand : Command
{
    /// <inheritdoc/>
    public override string Name => "basename";

    /// <inheritdoc/>
    public override CommandHelp Help { get; } = new()
    {
        Synopsis = "basename PATH...",
        Summary = "The last name of each path.",
        Remarks = "Slashes at the end do not count; the name of / is /. Nothing is asked of the remote system.",
        Columns = [EchoCommand.StringColumn],
        Examples = ["basename /usr/lib/os-release", "print /etc/passwd /var/log/ | xargs basename"],
    };

    /// <inheritdoc/>
    public override RowSource Bind(CommandCall call)
    {
        var arguments = new ArgumentReader(call, Help);
        arguments.NeedAtLeast(1, "PATH");
        return new GivenRowsSource(
            [EchoCommand.StringColumn], arguments.Operands.Select(argument => (Value[])[LastName(ValueText.BytesOf(argument.Value).Span)]));
    }

    private static Value LastName(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> trimmed = path.TrimEnd((byte)'/');
        if (trimmed.IsEmpty)
            return Value.FromBytes(path.IsEmpty ? [] : "/"u8);

        return Value.FromBytes(trimmed[(trimmed.LastIndexOf((byte)'/') + 1)..]);
    }
}
